"""413 for a body that is too large, before it is read whole; chunked bodies are counted as they come."""
from __future__ import annotations

from typing import Any

from bot.http_errors import ApiError, error_response

MOST = 1_000_000
LARGE = {"/api/v1/kb/import": 32_000_000, "/api/v1/uploads": 11_000_000}


class _TooLarge(Exception):
    pass


class Bounded:
    """Plain ASGI middleware."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = LARGE.get(scope["path"], MOST)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        refusal = error_response(ApiError(413, "too_large", f"The body is larger than {most // 1_000_000} MB."))
        if length.isdigit() and int(length) > most:
            await refusal(scope, receive, send)
            return
        read, started = 0, False

        async def counted() -> dict[str, Any]:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise _TooLarge
            return message

        async def watched(message: dict[str, Any]) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if not started:
                await refusal(scope, receive, send)
