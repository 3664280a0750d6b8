"""Remedies: what may be shown to a customer, and what the published rules say."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from kb_connector.policy_types import Policy
from kb_connector.remedies.choosing import choose
from kb_connector.remedies.option import Option, RuleCheck
from kb_connector.remedies.rules import check_rules

__all__ = ["Option", "Remedies", "RuleCheck"]


class Remedies:
    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def options(self, causes: Sequence[str], severity: str, facts: Mapping[str, str] | None = None, *,
                demand: Iterable[str] = ()) -> list[Option]:
        """Published options for these causes. `facts` are deliberately not read: who somebody is never matters."""
        return choose(self._policy.remedies, causes, severity, demand)

    def rule_checks(self, facts: Mapping[str, str], now: datetime, *, causes: Iterable[str] = ()) -> list[RuleCheck]:
        return check_rules(self._policy.rules, facts, now, causes)
