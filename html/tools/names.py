"""What the editor completes, as JSON: the modules that a profile's policy
allows with their public names, the builtins that it leaves, and the methods
of the builtin types.

    names.py PROFILE
"""

import builtins
import importlib
import inspect
import json
import keyword
import sys
import warnings

TYPES = (str, bytes, list, dict, set, tuple, int, float, complex)


def options(path):
    found = {}
    with open(path, encoding="utf-8") as profile:
        for line in profile:
            key, equals, value = line.partition("=")
            if equals and not line.startswith("#"):
                found[key.strip()] = value.split()
    return found


def kind(value):
    if inspect.ismodule(value):
        return "module"
    if inspect.isclass(value):
        return "class"
    if callable(value):
        return "function"
    return "constant"


def signature(value):
    try:
        text = str(inspect.signature(value))
    except (TypeError, ValueError):
        return ""
    return text if len(text) <= 80 and " at 0x" not in text else "(...)"


def summary(value):
    if kind(value) == "constant":
        return ""
    lines = (inspect.getdoc(value) or "").strip().splitlines()
    # A builtin's own line often repeats its signature.
    while lines and ("->" in lines[0] or not lines[0].strip()):
        lines.pop(0)
    return lines[0].strip()[:120] if lines else ""


def entry(name, value):
    return [name, kind(value), signature(value) if callable(value) else "",
            summary(value)]


def public(owner, own=None):
    names = own or [n for n in dir(owner) if not n.startswith("_")]
    return [entry(n, getattr(owner, n)) for n in sorted(set(names))
            if hasattr(owner, n) and not n.startswith("_")]


def module(name):
    loaded = importlib.import_module(name)
    names = getattr(loaded, "__all__", None)
    if names is None:
        # What a module itself imported is not among what it gives.
        names = [n for n in dir(loaded)
                 if not n.startswith("_")
                 and not inspect.ismodule(getattr(loaded, n))]
    return {"doc": summary(loaded), "names": public(loaded, names)}


def main(path):
    warnings.simplefilter("ignore")
    profile = options(path)
    gone = set(profile["option.builtins_blocked"]
               + profile["option.builtins_absent"])
    modules = profile["option.imports"]

    json.dump({
        "modules": {name: module(name) for name in
                    sorted([*modules, "collections.abc"])},
        "others": sorted(n for n in sys.stdlib_module_names
                         if not n.startswith("_") and n not in modules),
        "builtins": [e for e in public(builtins) if e[0] not in gone],
        "blocked": profile["option.builtins_blocked"],
        "types": {t.__name__: public(t) for t in TYPES},
        "keywords": sorted({*keyword.kwlist, *keyword.softkwlist} - {"_"}),
    }, sys.stdout, separators=(",", ":"), ensure_ascii=False)


main(sys.argv[1])
