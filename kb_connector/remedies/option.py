"""What a customer may be shown, and what a published rule says about their facts."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    id: str
    kind: str
    label: str
    detail: str
    approver: str


@dataclass(frozen=True)
class RuleCheck:
    """A first reference only; a person decides."""
    rule_id: str
    title: str
    verdict: str
    text: str
    basis: str = ""
