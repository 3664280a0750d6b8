"""What can go wrong with the company's records, named for what to do next.

ConnectorError            catch this to mean "the records could not do it"
├── Unavailable           the store is away: keep what you have and try again later
├── Rejected              the request itself is wrong or incomplete: somebody must look at it
│   └── Forbidden         the request is sound, but not for this role
├── NotFound              there is no such thing, or it is not yours to see
└── Conflict              the thing exists, but its present state does not allow this
"""
from __future__ import annotations

from typing import Any


class ConnectorError(Exception):
    """Base of everything below; `details` is plain data for the caller."""

    def __init__(self, message: str, details: Any = None) -> None:
        super().__init__(message)
        self.message, self.details = message, details


class Unavailable(ConnectorError):
    """The store is away; nothing was changed."""


class Rejected(ConnectorError):
    """The request is wrong or incomplete; `details` says where."""


class Forbidden(Rejected):
    """This role may not do that."""


class NotFound(ConnectorError):
    """No such record, or none that the caller may see."""


class Conflict(ConnectorError):
    """The present state of the record does not allow this."""
