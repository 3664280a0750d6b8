"""The second factor: time-based one-time codes (RFC 6238, SHA-1, six digits, 30 seconds). Pure."""
from __future__ import annotations

import base64
import hmac
import secrets
import struct
from hashlib import sha1
from urllib.parse import quote

STEP = 30


def new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code(secret: str, step: int) -> str:
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def matching_step(secret: str, given: str, now: float, *, after: int = 0) -> int | None:
    """The step whose code was given, one step of clock drift allowed; a code of step `after` or before was used already."""
    present = int(now // STEP)
    return next((step for step in (present, present - 1, present + 1) if step > after and hmac.compare_digest(code(secret, step).encode(), given.encode())), None)


def address(secret: str, account: str, issuer: str) -> str:
    """What an authenticator app takes in as a QR code or by hand."""
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?secret={secret}&issuer={quote(issuer)}"
