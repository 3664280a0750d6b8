"""How many messages a platform lets us send: so many per customer message, fewer after a mere click."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

metadata = MetaData()

quotas = Table(
    "channel_quotas", metadata,
    Column("conversation", String(200), primary_key=True),
    Column("message_at", Float, nullable=False),
    Column("message_used", Integer, nullable=False),
    Column("click_at", Float, nullable=False),
    Column("click_used", Integer, nullable=False),
)


@dataclass(frozen=True)
class Limits:
    """`per_message` sends within `hours` of a message; `per_click` within `click_seconds` of a click."""

    per_message: int = 5
    hours: float = 48.0
    per_click: int = 3
    click_seconds: float = 60.0


@dataclass(frozen=True)
class Quota:
    """What one conversation has used. Moments are Unix seconds."""

    message_at: float = 0.0
    message_used: int = 0
    click_at: float = 0.0
    click_used: int = 0

    def heard(self, kind: str, at: float) -> Quota:
        """After a `message` or a `click` of that moment; an older or repeated one changes nothing."""
        if kind == "message" and at > self.message_at:
            return replace(self, message_at=at, message_used=0)
        if kind == "click" and at > self.click_at:
            return replace(self, click_at=at, click_used=0)
        return self

    def left(self, limits: Limits, now: float) -> int:
        return self._of_click(limits, now) + self._of_message(limits, now)

    def spent(self, limits: Limits, now: float) -> Quota:
        """One more sent; the allowance that lapses first goes first."""
        if self._of_click(limits, now):
            return replace(self, click_used=self.click_used + 1)
        return replace(self, message_used=self.message_used + 1)

    def returned(self, before: Quota) -> Quota:
        """A send that certainly did not happen costs nothing, unless the customer wrote in between."""
        if self.click_at == before.click_at and self.click_used > before.click_used:
            return replace(self, click_used=self.click_used - 1)
        if self.message_at == before.message_at and self.message_used > before.message_used:
            return replace(self, message_used=self.message_used - 1)
        return self

    def exhausted(self, limits: Limits, now: float) -> Quota:
        """The platform says that nothing is left."""
        return replace(self, message_used=limits.per_message, click_used=limits.per_click)

    def until(self, limits: Limits) -> float:
        """When the long window closes."""
        return self.message_at + limits.hours * 3600

    def _of_click(self, limits: Limits, now: float) -> int:
        return max(0, limits.per_click - self.click_used) if now - self.click_at <= limits.click_seconds else 0

    def _of_message(self, limits: Limits, now: float) -> int:
        return max(0, limits.per_message - self.message_used) if now < self.until(limits) else 0


def find(db: Any, conversation: str, *, to_change: bool = False) -> Quota:
    """The conversation's quota; an unknown one has never been heard. `to_change` keeps others from changing it in this transaction."""
    if to_change:
        upsert = (postgresql if db.dialect.name == "postgresql" else sqlite).insert(quotas)
        db.execute(upsert.values(conversation=conversation, message_at=0.0, message_used=0, click_at=0.0, click_used=0).on_conflict_do_nothing())
    query = select(quotas).where(quotas.c.conversation == conversation)
    row = db.execute(query.with_for_update() if to_change else query).one_or_none()
    return Quota(row.message_at, row.message_used, row.click_at, row.click_used) if row else Quota()


def save(db: Any, conversation: str, quota: Quota) -> None:
    """After `find(…, to_change=True)`."""
    values = {"message_at": quota.message_at, "message_used": quota.message_used, "click_at": quota.click_at, "click_used": quota.click_used}
    db.execute(update(quotas).where(quotas.c.conversation == conversation).values(**values))
