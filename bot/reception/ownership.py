"""Who speaks with the customer: the one small contract between reception and the desk."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection


@dataclass(frozen=True)
class Ownership:
    """`version` grows with every change of hands; a reply computed under an older one is stale and is dropped."""

    owner: str = "bot"                    # bot | queue (a person was called, the bot still helps) | human
    version: int = 0
    state: str = "bot"                    # DESIGN §8
    agent: str | None = None
    position: int | None = None

    def as_state(self) -> dict[str, Any]:
        """What the customer's page shows."""
        return {"owner": self.owner, "position": self.position, "agent": self.agent}


@dataclass(frozen=True)
class Notice:
    """What the customer is told about a change of hands: a key of the phrasebook and its values."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)


class Handovers(Protocol):
    """The desk's side. Sync; callers use a thread."""

    def current(self, conversation: str) -> Ownership: ...

    def still(self, db: Connection, conversation: str, version: int) -> bool:
        """The fence, asked in the transaction that keeps a reply: has nobody taken the conversation since `version`?"""

    def request(self, conversation: str, *, channel: str, reason: str, severity: str, ticket: str | None) -> tuple[Ownership, Notice]:
        """Put the conversation into the queue (idempotent) and say the true wait; a promise comes with its `ticket` in the values."""

    def abandoned(self, conversation: str) -> None:
        """The customer left while waiting."""


class NobodyAtTheDesk:
    """The bot keeps every conversation: for tests and for `tingsu chat`."""

    def current(self, conversation: str) -> Ownership:
        return Ownership()

    def still(self, db: Connection, conversation: str, version: int) -> bool:
        return True

    def request(self, conversation: str, *, channel: str, reason: str, severity: str, ticket: str | None) -> tuple[Ownership, Notice]:
        return Ownership(), Notice("queue_nobody")

    def abandoned(self, conversation: str) -> None:
        return None
