# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
import hashlib
import hmac
import random
import secrets
import ssl
import uuid

for name in sorted(hashlib.algorithms_guaranteed):
    h = hashlib.new(name, b"abc")
    h.update(b"def")
    size = (16,) if name.startswith("shake") else ()
    assert h.hexdigest(*size) == \
        getattr(hashlib, name)(b"abcdef").hexdigest(*size), name
assert hashlib.sha256(b"").hexdigest()[:8] == "e3b0c442"
assert hashlib.blake2b(b"x", key=b"k", digest_size=4).hexdigest()
assert hashlib.pbkdf2_hmac("sha256", b"p", b"s", 1000).hex()
assert len(hashlib.scrypt(b"p", salt=b"s", n=1024, r=8, p=1)) == 64
with open("/tmp/f", "w+b") as f:
    f.write(bytes(100000))
    f.seek(0)
    assert hashlib.file_digest(f, "sha1").digest() == \
        hashlib.sha1(bytes(100000)).digest()
assert hmac.compare_digest(hmac.digest(b"k", b"m", "sha256"),
                           hmac.new(b"k", b"m", "sha256").digest())

assert len(secrets.token_bytes(9)) == 9 and len(secrets.token_hex(9)) == 18
assert secrets.choice("abc") in "abc" and 0 <= secrets.randbelow(9) < 9
assert secrets.token_urlsafe() != secrets.token_urlsafe()
assert random.SystemRandom().random() < 1
assert uuid.uuid1() != uuid.uuid1() and uuid.uuid4().version == 4
assert str(uuid.uuid5(uuid.NAMESPACE_DNS, "example.org")) == \
    "aad03681-8b63-5304-89e0-8ca8f49461b5"

context = ssl.create_default_context()
assert context.check_hostname and context.get_ciphers()
assert ssl.OPENSSL_VERSION and len(ssl.RAND_bytes(8)) == 8
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
tls = context.wrap_bio(incoming, outgoing, server_hostname="example.org")
try:
    tls.do_handshake()
except ssl.SSLWantReadError:
    pass
assert outgoing.read()[:3] == b"\x16\x03\x01"
print("ok")
