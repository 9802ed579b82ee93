# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
import base64
import binascii
import calendar
import colorsys
import configparser
import csv
import difflib
import email
import email.message
import email.policy
import gettext
import graphlib
import html
import html.parser
import http.cookies
import io
import ipaddress
import json
import mailbox
import mimetypes
import netrc
import plistlib
import quopri
import shlex
import stringprep
import tomllib
import unicodedata
import urllib.parse
import urllib.robotparser
import wave
import xml.dom.minidom
import xml.etree.ElementTree as ET
import xml.sax
import xml.sax.saxutils

assert tomllib.loads('a = [1, 2.5]\n[b]\nc = 2024-01-01')["b"]["c"].year == 2024
config = configparser.ConfigParser()
config.read_string("[a]\nx = 1\ny = %(x)s2\n")
assert config.getint("a", "y") == 12
out = io.StringIO()
config.write(out)
assert "[a]" in out.getvalue()
rows = list(csv.DictReader(io.StringIO('a;b\n1;"x;y"\n'), delimiter=";"))
assert rows == [{"a": "1", "b": "x;y"}]
assert plistlib.loads(plistlib.dumps({"a": [1, b"x"]})) == {"a": [1, b"x"]}
assert json.loads(json.dumps({"a": [None, 1e3, "ü"]})) == {"a": [None, 1e3, "ü"]}

tree = ET.fromstring("<a x='1'><b>t</b><b/><!-- c --></a>")
assert [e.text for e in tree.iterfind("b")] == ["t", None]
ET.indent(tree)
assert ET.tostring(tree, encoding="unicode").startswith('<a x="1">\n  <b>')
assert len(list(ET.iterparse(io.StringIO("<a><b/></a>")))) == 2
dom = xml.dom.minidom.parseString("<a><b k='v'/></a>")
assert dom.getElementsByTagName("b")[0].getAttribute("k") == "v"
names = []


class Handler(xml.sax.ContentHandler):
    def startElement(self, name, attrs):
        names.append((name, dict(attrs)))


xml.sax.parseString(b"<a><b k='v'/></a>", Handler())
assert names == [("a", {}), ("b", {"k": "v"})]
assert xml.sax.saxutils.escape("<&>") == "&lt;&amp;&gt;"


class Links(html.parser.HTMLParser):
    found = []

    def handle_starttag(self, tag, attrs):
        self.found += [v for k, v in attrs if k == "href"]


Links().feed("<p><a href='/x?a=1&amp;b'>x</a>")
assert Links.found == ["/x?a=1&b"] and html.unescape("&eacute;") == "é"

url = urllib.parse.urlsplit("https://u@h:8/p;x?q=1&q=2#f")
assert (url.port, url.username, url.fragment) == (8, "u", "f")
assert urllib.parse.parse_qs(url.query) == {"q": ["1", "2"]}
assert urllib.parse.quote("a b/ü") == "a%20b/%C3%BC"
assert urllib.parse.urljoin("http://a/b/c", "../d") == "http://a/d"
robots = urllib.robotparser.RobotFileParser()
robots.parse(["User-agent: *", "Disallow: /x"])
assert not robots.can_fetch("me", "http://h/x")
cookie = http.cookies.SimpleCookie("a=1; b=2")
assert cookie["b"].value == "2"
assert ipaddress.ip_address("10.0.0.1") in ipaddress.ip_network("10.0.0.0/8")
assert mimetypes.guess_type("x.html")[0] == "text/html"

message = email.message.EmailMessage()
message["Subject"], message["To"] = "Grüße", "a@example.org"
message.set_content("text ü")
message.add_attachment(b"x", maintype="application", subtype="x", filename="f")
back = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
assert back["subject"] == "Grüße" and back.get_body().get_content() == "text ü\n"
assert [p.get_filename() for p in back.iter_attachments()] == ["f"]
box = mailbox.mbox("/tmp/box")
box.add(message)
box.flush()
assert len(box) == 1

for pair in ("b16", "b32", "b64", "b85", "a85", "urlsafe_b64"):
    encode = getattr(base64, pair + "encode")
    assert getattr(base64, pair + "decode")(encode(b"\xffx")) == b"\xffx"
assert binascii.hexlify(b"\xff") == b"ff" and binascii.crc32(b"x") == 2363233923
assert quopri.decodestring(quopri.encodestring(b"\xff=")) == b"\xff="
assert shlex.split("a 'b c' d") == ["a", "b c", "d"]
assert list(difflib.unified_diff(["a"], ["b"], lineterm=""))[-1] == "+b"
assert difflib.get_close_matches("appel", ["ape", "apple"]) == ["apple", "ape"]
assert list(graphlib.TopologicalSorter({"b": ["a"]}).static_order()) == ["a", "b"]
assert unicodedata.normalize("NFD", "é") == "e\u0301"
assert unicodedata.lookup("SNOWMAN") == "☃" and stringprep.in_table_a1("\u0221")
assert colorsys.rgb_to_hsv(1, 0, 0) == (0, 1, 1)
assert gettext.gettext("text") == "text"
assert "January" in calendar.TextCalendar().formatmonth(2024, 1)
with wave.open("/tmp/x.wav", "wb") as w:
    w.setparams((1, 2, 8000, 0, "NONE", None))
    w.writeframes(bytes(16))
with wave.open("/tmp/x.wav") as w:
    assert w.getnframes() == 8
print("ok")
