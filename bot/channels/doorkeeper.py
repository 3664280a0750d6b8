"""Reading a callback's body within bounds, and the first checks that need no key."""
from __future__ import annotations

import asyncio

from fastapi import Request

from bot.http_errors import ApiError


async def body(request: Request, *, most: int, seconds: float = 4.0) -> bytes:
    """413 as soon as it is too long, 408 when it trickles in."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise ApiError(413, "too_large", "The body is too large.")
    try:
        return await asyncio.wait_for(_read(request, most), seconds)
    except asyncio.TimeoutError:
        raise ApiError(408, "too_slow", "The body did not arrive in time.") from None


async def _read(request: Request, most: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise ApiError(413, "too_large", "The body is too large.")
    return bytes(data)


def single(request: Request, name: str) -> str:
    """A query value that was given once; empty otherwise (`signature[]=…` and repeated values are nobody's habit)."""
    values = request.query_params.getlist(name)
    return values[0] if len(values) == 1 else ""


def timely(timestamp: str, now: float, skew: int) -> bool:
    """Whole seconds not further than `skew` from now; 0 accepts any."""
    if not skew:
        return True
    return timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 and abs(int(timestamp) - now) <= skew


def forbidden() -> ApiError:
    """One refusal for every reason."""
    return ApiError(403, "forbidden", "invalid")
