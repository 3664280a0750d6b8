"""Answers over HTTP for what the records refuse."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.http_errors import ApiError
from kb_connector.errors import (
    Conflict,
    ConnectorError,
    Forbidden,
    NotFound,
    Rejected,
    Unavailable,
)

# The first that fits counts: Forbidden is a Rejected, too.
_ANSWERS = ((Forbidden, 403, "forbidden"), (Rejected, 422, "rejected"), (NotFound, 404, "not_found"),
            (Conflict, 409, "move_not_allowed"), (Unavailable, 503, "unavailable"))


@contextmanager
def answered(**codes: str) -> Iterator[None]:
    """Turn the records' errors into ours; `conflict="…"` names another code for a Conflict."""
    try:
        yield
    except ConnectorError as exc:
        status, code = next((status, code) for kind, status, code in _ANSWERS if isinstance(exc, kind))
        if isinstance(exc, Conflict):
            code = codes.get("conflict", code)
        raise ApiError(status, code, exc.message, exc.details) from exc
