"""What a customer told us, ready to file; every fact and risk knows the message it came from."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FILED_BECAUSE = ("confirmed", "handover", "risk", "abandoned")


@dataclass(frozen=True)
class Issue:
    cause: str
    description: str
    status: str = "open"


@dataclass(frozen=True)
class Fact:
    value: str
    text: str = ""
    message: str = ""


@dataclass(frozen=True)
class Risk:
    name: str
    text: str = ""
    message: str = ""


@dataclass(frozen=True)
class Complaint:
    conversation: str
    channel: str
    summary: str
    issues: tuple[Issue, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    demand: tuple[str, ...] = ()
    demand_text: str = ""
    demand_amount: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    anonymous: bool = False
    emotion: str = "calm"
    risks: tuple[Risk, ...] = ()
    severity: str = "L1"
    reason: str = "confirmed"

    def fact(self, name: str) -> str | None:
        known = self.facts.get(name)
        return known.value if known else None

    @property
    def phone(self) -> str | None:
        return self.contact_phone or self.fact("contact_phone")

    @property
    def name(self) -> str | None:
        return self.contact_name or self.fact("contact_name")
