"""Hold facts against the published rules: likely, unlikely or unclear, never a decision."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from kb_connector.policy_types import Rule
from kb_connector.remedies.option import RuleCheck

_START_FACT = {"received": "received_on", "requested": "refund_requested_on"}


def check_rules(rules: Mapping[str, Rule], facts: Mapping[str, str], now: datetime, causes: Iterable[str] = ()) -> list[RuleCheck]:
    """One answer per rule for these causes (all rules without causes).

    Facts read: `received_on`, `refund_requested_on` (ISO dates), `online` (yes or no), `exception` (a key of the rule's
    exceptions, or any text that names one of them).
    """
    wanted = set(causes)
    return [_check(rule_id, rule, facts, now.date()) for rule_id, rule in rules.items() if not wanted or wanted & set(rule.causes)]


def _check(rule_id: str, rule: Rule, facts: Mapping[str, str], today: date) -> RuleCheck:
    def answer(verdict: str, text: str) -> RuleCheck:
        return RuleCheck(rule_id, rule.title, verdict, rule.reference + text, rule.basis)

    exception, online = _exception(rule, facts.get("exception") or ""), _yes(facts.get("online"))
    if exception or rule.online_only and online is False:
        return answer("unlikely", rule.excepted.format(exception=exception or rule.offline))
    day = _days_since(facts.get(_START_FACT[rule.starts]), today)
    if day is None or rule.online_only and online is None:
        return answer("unclear", rule.unclear)
    verdict = "likely" if day <= rule.days else "unlikely"
    return answer(verdict, getattr(rule, verdict).format(day=day))


def _exception(rule: Rule, said: str) -> str | None:
    return next((words for key, words in rule.exceptions.items() if said and (said == key or said in words or words in said)), None)


def _days_since(start: str | None, today: date) -> int | None:
    """Counted from the day after `start`; a date in the future tells nothing."""
    try:
        day = (today - date.fromisoformat((start or "")[:10])).days
    except ValueError:
        return None
    return day if day >= 0 else None


def _yes(said: str | None) -> bool | None:
    return {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}.get(str(said).lower())
