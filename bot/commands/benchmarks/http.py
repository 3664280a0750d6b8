"""A frugal REST client: one kept connection per simulated customer, so that the measured server gets the processor."""
from __future__ import annotations

import asyncio
import json
from typing import Any


class Connection:
    """HTTP/1.1 with keep-alive; plain bodies and chunked ones."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """One message, the bot's replies."""
        return await self.request("POST", "/webhooks/rest/webhook", {"sender": sender, "message": text})

    async def request(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded answer; ConnectionError for any status but 2xx."""
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self._writer.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
        status, content = await self._answer()
        if not 200 <= status < 300:
            raise ConnectionError(f"{method} {path}: {status} {content[:200]!r}")
        return json.loads(content) if content else None

    async def _answer(self) -> tuple[int, bytes]:
        assert self._reader is not None
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *lines = head.rstrip().split("\r\n")
        headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}
        if "chunked" in headers.get("transfer-encoding", ""):
            content = await self._chunks()
        else:
            content = await self._reader.readexactly(int(headers.get("content-length", 0)))
        return int(status.split()[1]), content

    async def _chunks(self) -> bytes:
        assert self._reader is not None
        parts = []
        while size := int(await self._reader.readline(), 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readline()
        await self._reader.readline()
        return b"".join(parts)

    def close(self) -> None:
        if self._writer:
            self._writer.close()
        self._writer = None
