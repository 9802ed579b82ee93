# expect: {"status": "failed", "error_type": "NameError", "stdout": "", "error_has": "name 'cevag' is not defined"}
# stopped_by: policy
# -*- coding: rot13 -*-
cevag("ESCAPED")
