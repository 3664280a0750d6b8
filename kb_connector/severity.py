"""How serious a complaint is: the highest level that any rule gives, with the reasons."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kb_connector.policy_types import SEVERITIES, Policy


@dataclass(frozen=True)
class Assessment:
    level: str
    reasons: tuple[str, ...]


def assess(policy: Policy, *, causes: Iterable[str], risks: Iterable[str], amount: Decimal | None = None,
           people_count: int | None = None, repeat: bool = False) -> Assessment:
    """The level and every reason that led to it, the weightiest first; no grievance and no risk is L0."""
    rules, found = policy.severity, []

    def matched(level: str | None, kind: str, **words: object) -> None:
        if level is not None:
            found.append((level, rules.reasons.get(kind, kind).format(**words)))

    names = rules.labels
    for cause in dict.fromkeys(causes):
        matched(rules.causes.get(cause, "L1"), "cause", name=names.get(cause, cause))
    for risk in dict.fromkeys(risks):
        matched(rules.risks.get(risk), "risk", name=names.get(risk, risk))
        for combination in rules.combinations:
            if combination.risk == risk and (people_count or 0) >= combination.people:
                matched(combination.level, "combination", name=names.get(risk, risk), value=people_count)
    for kind, value, steps in (("amount", amount, rules.amounts), ("people", people_count, rules.people)):
        reached = [step.level for step in steps if value is not None and value >= step.at_least]
        matched(max(reached, default=None), kind, value=value)
    level = max((each for each, _ in found), default="L0")
    if repeat:
        level = max(one_up(level), rules.repeat_at_least)
        found.append((level, rules.reasons.get("repeat", "repeat")))
    return Assessment(level, tuple(reason for _, reason in sorted(found, key=lambda pair: pair[0], reverse=True)))


def one_up(level: str, ceiling: str = "L3") -> str:
    """The next level; L4 means danger, so that nothing rises into it by repetition alone."""
    return max(level, min(SEVERITIES[min(SEVERITIES.index(level) + 1, 4)], ceiling))

