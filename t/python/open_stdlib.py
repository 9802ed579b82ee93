# expect: {"status": "completed", "stdout": "[0, 1, 2]\n(3,)\n2d711642 b'aGk='\n8 4 05b16a01-46c6-56dd-bd6e-c6dfb4a1427a\n2 1 8\nb'z' b'\\x00\\x00\\x00\\x01'\n{'a': [1]} LATIN SMALL LETTER E WITH ACUTE\ntext ['f.txt']\nEurope/Berlin\n", "exit_code": 0}
# runtime: python-open
import ast
import asyncio
import base64
import hashlib
import os
import pathlib
import queue
import secrets
import sqlite3
import struct
import tempfile
import uuid
import zlib
import bz2
import lzma
import ctypes
import decimal
import xml.etree.ElementTree as ET
import html.parser
import urllib.parse
import unicodedata
import email.message
import logging
import unittest
import pickle
import shelve
import configparser
import zoneinfo
import argparse
import multiprocessing


async def main():
    await asyncio.sleep(0.01)
    return await asyncio.gather(*(asyncio.sleep(0, x) for x in range(3)))


print(asyncio.run(main()))
db = sqlite3.connect(":memory:")
db.execute("create table t (x)")
db.executemany("insert into t values (?)", [(1,), (2,)])
print(db.execute("select sum(x) from t").fetchone())
print(hashlib.sha256(b"x").hexdigest()[:8], base64.b64encode(b"hi"))
print(len(secrets.token_hex(4)), uuid.uuid4().version, uuid.uuid5(uuid.NAMESPACE_DNS, "x"))
print(eval("1 + 1"), ET.fromstring("<a b='1'/>").get("b"), ctypes.sizeof(ctypes.c_long))
print(zlib.decompress(zlib.compress(b"z")), struct.pack(">I", 1))
print(pickle.loads(pickle.dumps({"a": [1]})), unicodedata.name("é"))
with tempfile.TemporaryDirectory() as d:
    p = pathlib.Path(d, "f.txt")
    p.write_text("text")
    print(p.read_text(), os.listdir(d))
print(zoneinfo.ZoneInfo("Europe/Berlin").key)
logging.warning("to stderr")
