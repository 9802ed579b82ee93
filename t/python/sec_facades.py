# expect: {"status": "completed", "stdout": "collections._sys SecurityError\njson.codecs SecurityError\nenum.sys SecurityError\nrandom._os SecurityError\nstatistics.sys SecurityError\ndecimal.nothing AttributeError\njson.decoder ok\ncollections.abc ok\ntyping.sys SecurityError\ndataclasses.inspect SecurityError\nre.enum SecurityError\n<module 'json'>\n"}
import collections
import dataclasses
import decimal
import enum
import json
import random
import re
import statistics
import typing


def look(module, name):
    try:
        getattr(module, name)
    except Exception as e:
        return type(e).__name__
    return "ok"


for module, names in (
        (collections, "_sys"), (json, "codecs"), (enum, "sys"),
        (random, "_os"), (statistics, "sys"), (decimal, "nothing"),
        (json, "decoder"), (collections, "abc"), (typing, "sys"),
        (dataclasses, "inspect"), (re, "enum")):
    print(f"{module.__name__}.{names}", look(module, names))
print(json)
