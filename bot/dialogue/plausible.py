"""Intents that nobody has without certain words: where the words are missing, the next likely reading holds. Pure."""
from __future__ import annotations

from dataclasses import replace

from bot.dialogue import remarks
from bot.dialogue.understood import UNCLEAR, Grievance, Understood

_NEEDS = {"withdraw": remarks.drops_it, "restart": remarks.starts_over, "complain_bot": remarks.is_about_the_robot}
_LIKELY = .18               # from here on a cause is worth a guess


def plausible(u: Understood) -> Understood:
    """The message as it can have been meant: 「这做工也太糙了吧」 drops no complaint."""
    if u.intent not in _NEEDS or _NEEDS[u.intent](u.text):
        return u
    name, likely = next(((n, p) for n, p in u.ranking if n not in _NEEDS or _NEEDS[n](u.text)), (UNCLEAR, 0.0))
    issues = tuple(i for i in u.issues if i.cause not in _NEEDS or _NEEDS[i.cause](u.text))
    if not issues and name.startswith("complain_") and likely >= _LIKELY:
        issues = (Grievance(name, u.text, likely),)
    return replace(u, intent=name, confidence=likely, issues=issues)
