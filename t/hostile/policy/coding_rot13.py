# expect: {"status": "failed", "error_type": "NameError", "stdout": "", "error_has": "name 'cevag' is not defined"}
# bounded_by: a text that comes as Unicode is not decoded anew
# -*- coding: rot13 -*-
cevag("ESCAPED")
