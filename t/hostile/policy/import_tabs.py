# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[4, 9, "import of 'os' is not allowed"]]}
# stopped_by: policy
if 1:
	import	os
	print("ESCAPED", os)
