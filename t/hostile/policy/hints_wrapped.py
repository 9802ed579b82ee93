# expect: {"status": "failed", "error_type": "NameError", "stdout": "", "error_has": "name 'codecs' is not defined"}
# stopped_by: policy
import json
import typing


class Call:
    __annotations__ = {"x": "print('ESCAPED', codecs.builtins.open) or int"}
    __wrapped__ = json.dumps


print(typing.get_type_hints(Call()))
