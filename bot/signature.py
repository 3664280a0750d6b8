"""The signature of what we and others post to each other: the generic channel, and calls to the on-call webhook."""
from __future__ import annotations

import hashlib
import hmac


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `<timestamp>.<body>`, hexadecimal."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed_headers(secret: str, body: bytes, *, at: float) -> dict[str, str]:
    """For a JSON body; `at` in seconds since 1970."""
    timestamp = str(int(at))
    return {"Content-Type": "application/json", "X-Tingsu-Timestamp": timestamp, "X-Tingsu-Signature": sign(secret, timestamp, body)}
