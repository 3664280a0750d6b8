"""Photos that customers send: checked by content, hashed, kept under an unguessable name."""
from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.http_errors import ApiError

_SIGNATURES = {"image/jpeg": (b"\xff\xd8\xff",), "image/png": (b"\x89PNG\r\n\x1a\n",), "image/gif": (b"GIF87a", b"GIF89a"), "image/webp": (b"RIFF",)}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
_TYPES = {ending: kind for kind, ending in _ENDINGS.items()}


@dataclass(frozen=True)
class Kept:
    id: str
    type: str
    name: str
    sha256: str

    @property
    def url(self) -> str:
        return f"/api/v1/uploads/{self.id}"


class Files:
    """`most` bytes per file. The id carries the conversation's fingerprint, so that nobody attaches another's file."""

    def __init__(self, folder: Path, *, most: int = 10 * 1024 * 1024) -> None:
        self._folder, self.most = folder, most

    def keep(self, conversation: str, name: str, data: bytes) -> Kept:
        if len(data) > self.most:
            raise ApiError(413, "too_large", "图片请不要超过 10 MB。")
        kind = next((k for k, starts in _SIGNATURES.items() if data.startswith(starts) and (k != "image/webp" or data[8:12] == b"WEBP")), None)
        if kind is None:
            raise ApiError(415, "unsupported_media_type", "目前可以发送 JPG、PNG、GIF 或 WebP 图片。")
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(data).hexdigest()
        identity = f"{_mark(conversation)}-{secrets.token_urlsafe(16)}.{_ENDINGS[kind]}"
        (self._folder / identity).write_bytes(data)
        return Kept(identity, kind, name[:120], digest)

    def find(self, name: str) -> tuple[Path, str]:
        """Path and media type; 404 for anything that was not kept here."""
        path = self._folder / Path(name).name
        kind = _TYPES.get(path.suffix.lstrip("."))
        if kind is None or path.name != name or not path.is_file():
            raise ApiError(404, "not_found", "No such file.")
        return path, kind

    def of(self, conversation: str, identity: str | None) -> dict[str, Any] | None:
        """What a message says of its attachment; None unless this conversation sent it."""
        if not identity or not identity.startswith(_mark(conversation) + "-"):
            return None
        try:
            _, kind = self.find(identity)
        except ApiError:
            return None
        return {"id": identity, "url": f"/api/v1/uploads/{identity}", "type": kind, "name": "照片"}


def _mark(conversation: str) -> str:
    return hashlib.sha256(conversation.encode()).hexdigest()[:12]
