"""Tencent's callback signatures and envelopes, the same for Official Accounts and WeCom."""
from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class NotGenuine(Exception):
    """Not from Tencent, or not for us. It never says what was wrong: a sender must learn nothing from it."""


def signature(token: str, *parts: str) -> str:
    """SHA-1 over the sorted values, as Tencent computes it."""
    values = sorted(part.encode("utf-8", "surrogatepass") for part in (token, *parts))
    return hashlib.sha1(b"".join(values)).hexdigest()


def signed(given: str, token: str, *parts: str) -> bool:
    """Is `given` the signature of these values? Takes the same time for every wrong one."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), signature(token, *parts).encode())


class Envelope:
    """Opens and seals `<Encrypt>`. `receiver` is the appid or the corpid."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        self._token, self._receiver = token, receiver.encode()
        self._key = base64.b64decode(aes_key + "=")

    def open(self, sealed: str, *, msg_signature: str, timestamp: str, nonce: str) -> bytes:
        """The message inside; NotGenuine for everything that Tencent would not send."""
        if not signed(msg_signature, self._token, timestamp, nonce, sealed):
            raise NotGenuine
        return self._read(self._decrypt(sealed))

    def seal(self, message: bytes, *, timestamp: str, nonce: str, salt: bytes | None = None) -> tuple[str, str]:
        """(sealed text, its signature)."""
        plain = (salt or os.urandom(16)) + struct.pack(">I", len(message)) + message + self._receiver
        pad = _BLOCK - len(plain) % _BLOCK
        writer = self._cipher().encryptor()
        sealed = base64.b64encode(writer.update(plain + bytes([pad]) * pad) + writer.finalize()).decode()
        return sealed, signature(self._token, timestamp, nonce, sealed)

    def _decrypt(self, sealed: str) -> bytes:
        try:
            data = base64.b64decode(sealed.encode("ascii"), validate=True)
        except (binascii.Error, ValueError):
            raise NotGenuine from None
        if len(data) < _BLOCK or len(data) % 16:
            raise NotGenuine
        reader = self._cipher().decryptor()
        return reader.update(data) + reader.finalize()

    def _read(self, plain: bytes) -> bytes:
        pad = plain[-1]
        if not 1 <= pad <= _BLOCK or pad > len(plain) - 20 or plain[-pad:] != bytes([pad]) * pad:
            raise NotGenuine
        body = plain[:-pad]
        length = struct.unpack(">I", body[16:20])[0]
        if 20 + length > len(body) or not hmac.compare_digest(body[20 + length:], self._receiver):
            raise NotGenuine
        return body[20:20 + length]

    def _cipher(self) -> Cipher:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
