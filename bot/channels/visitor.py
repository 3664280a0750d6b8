"""Who a browser is: a conversation id that we issued and signed, so that nobody can name another's."""
from __future__ import annotations

import base64
import hashlib
import hmac
import secrets


class Visitors:
    """Tokens `<id>.<signature>`; the id is the conversation."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def new(self) -> tuple[str, str]:
        """(conversation, token) for a first-time visitor."""
        conversation = "web-" + secrets.token_urlsafe(12)
        return conversation, self.sign(conversation)

    def sign(self, conversation: str) -> str:
        digest = hmac.new(self._key, conversation.encode(), hashlib.sha256).digest()[:18]
        return f"{conversation}.{base64.urlsafe_b64encode(digest).decode()}"

    def read(self, token: str | None) -> str | None:
        """The conversation of a genuine token; None for anything else."""
        conversation, _, _ = (token or "").rpartition(".")
        return conversation if conversation and hmac.compare_digest(self.sign(conversation), token or "") else None
