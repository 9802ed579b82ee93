# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[2, 25, "'_sys' of module 'collections'"], [3, 18, "'sys' of module 'enum'"], [5, 5, "'codecs' of module 'json'"]]}
from collections import _sys
from enum import sys
from json import (loads,
    codecs)
from json import decoder
