"""Is this colleague the one that the customer complains of? Pure."""
from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.desk.rules import load_roles
from bot.desk.staff import Staff
from bot.desk.wording import desk_words
from bot.dialogue.case import Case
from kb_connector.tickets import Ticket


def complained_of(who: Staff, said: Iterable[str]) -> bool:
    """By name, by account or by work number; a mere job title names nobody."""
    texts = [_folded(text) for text in said if text]
    signs = _signs(who)
    return any(sign.search(text) for text in texts for sign in signs)


def staff_said(case: Case | None, tickets: Iterable[Ticket] = ()) -> tuple[str, ...]:
    """What the case and its tickets say of staff, in the customer's words and as understood."""
    facts = [f for f in ([case.facts.get("staff")] if case else []) + [t.facts.get("staff") for t in tickets] if f]
    return tuple(dict.fromkeys(text for fact in facts for text in (fact.value, fact.text) if text))


def _signs(who: Staff) -> list[re.Pattern[str]]:
    core = _titles().sub("", display := _folded(who.display))
    shown = core if len(core) >= 2 else display if display not in _generic() and len(display) >= 2 else ""
    codes = [code for code in (_folded(who.name), _folded(who.work_number or "")) if len(code) >= 2]
    exact = [re.compile(rf"(?<![a-z0-9_.-]){re.escape(code)}(?![a-z0-9_-])") for code in codes]
    return exact + ([re.compile(re.escape(shown))] if shown else [])


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    return frozenset(_folded(word) for word in (*desk_words()["job_titles"], *(role.name for role in load_roles().values())))


@lru_cache(maxsize=1)
def _titles() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _generic()), key=len, reverse=True)))
