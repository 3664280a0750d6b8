"""A Case is what the conversation knows. It lives in one tracker slot and moves as JSON."""
from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.parts import STORY, SURE, CaseFact, CaseIssue, CaseRisk
from bot.vocabulary import RISK_LEVELS

__all__ = ["STORY", "SURE", "Case", "CaseFact", "CaseIssue", "CaseRisk"]


@dataclass
class Case:
    """Mutable while one message is heard and answered; everything else only reads it."""

    issues: list[CaseIssue] = field(default_factory=list)
    facts: dict[str, CaseFact] = field(default_factory=dict)
    told: list[dict[str, str]] = field(default_factory=list)         # the customer's own sentences: {"text", "message"}
    demand: list[str] = field(default_factory=list)
    demand_text: str = ""
    risks: dict[str, CaseRisk] = field(default_factory=dict)
    moods: list[str] = field(default_factory=list)                   # emotion per message, the latest last
    consent: bool | None = None
    declined: list[str] = field(default_factory=list)                # facts the customer will not or cannot give
    asked: dict[str, int] = field(default_factory=dict)
    pending: str | None = None                                       # what the bot's last message asked for
    stage: str = "greeting"
    disclosed: bool = False
    person_offered: bool = False
    apologised: list[str] = field(default_factory=list)              # causes already apologised for
    listened: int = 0
    confirmed: bool = False
    read_backs: int = 0
    correcting: bool = False                                         # asked which point of the read-back is wrong
    changed: list[str] = field(default_factory=list)                 # facts corrected by the latest message
    added: bool = False                                              # the latest message told something new
    ticket: str | None = None
    ticket_seen: bool = False
    looked_up: str = ""                                              # a ticket number that was asked about and still has to be proven
    proposed: list[dict[str, str]] = field(default_factory=list)     # options shown: {"id", "label"}
    chosen: str | None = None
    opinion: str = ""
    handover: str | None = None                                      # reason, once a person was called
    withdrawn: bool = False
    rating: int | None = None
    failures: int = 0                                                # messages in a row that nobody understood
    stalled: int = 0                                                 # turns in a row without progress
    abuse: int = 0
    vulnerable: bool = False
    act: str = ""                                                    # what the latest message does
    message: str = ""                                                # and its text and id
    message_id: str = ""
    secrets: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)                    # steps taken since that message
    reasons: list[str] = field(default_factory=list)                 # and why, for staff
    said: dict[str, list[int]] = field(default_factory=dict)         # wording variants used, per key
    labels: dict[str, str] = field(default_factory=dict)             # buttons on the screen: label → id
    turn: int = 0
    progress_at: float = 0.0
    heard_at: float = 0.0

    @classmethod
    def load(cls, data: str | None) -> Case:
        """From the slot's JSON; a new case for None. Keys of older versions are ignored."""
        if not data:
            return cls()
        raw: dict[str, Any] = json.loads(data)
        known = {k: v for k, v in raw.items() if k in cls.__dataclass_fields__}
        case = cls(**known)
        case.issues = [CaseIssue(**i) for i in raw.get("issues", ())]
        case.facts = {k: CaseFact(**f) for k, f in raw.get("facts", {}).items()}
        case.risks = {k: CaseRisk(**r) for k, r in raw.get("risks", {}).items()}
        return case

    def copy(self) -> Case:
        """One that may be changed without changing this one; `deepcopy` takes a hundred times as long."""
        new = object.__new__(Case)
        new.__dict__.update({k: v.copy() if isinstance(v, (list, dict)) else v for k, v in vars(self).items()})
        new.issues = [copy(i) for i in self.issues]
        new.risks = {k: copy(r) for k, r in self.risks.items()}
        new.facts = {k: copy(f) for k, f in self.facts.items()}
        new.told = [t.copy() for t in self.told]
        new.said = {k: v.copy() for k, v in self.said.items()}
        return new

    def dump(self) -> str:
        """Written three times a turn: `asdict` would copy every value deeply first."""
        plain = {**vars(self), "issues": [vars(i) for i in self.issues], "facts": {k: vars(f) for k, f in self.facts.items()},
                 "risks": {k: vars(r) for k, r in self.risks.items()}}
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    @property
    def emotion(self) -> str:
        return self.moods[-1] if self.moods else "calm"

    @property
    def heated(self) -> bool:
        return self.emotion in ("angry", "furious")

    @property
    def grave(self) -> int:
        """Highest level among the risks, 0..4 (taxonomy)."""
        return max((RISK_LEVELS.get(r, 0) for r in self.risks), default=0)

    @property
    def causes(self) -> list[str]:
        return [i.cause for i in self.issues]

    @property
    def named(self) -> list[str]:
        """Causes as they may be said: a guess is not named."""
        return list(dict.fromkeys(i.cause for i in self.issues if i.sure)) or ["complain_general"] * bool(self.issues)

    @property
    def complains(self) -> bool:
        return bool(self.issues)

    @property
    def knows_what(self) -> bool:
        """Something more is told than that there is a complaint."""
        return any(i.sure and i.cause != "complain_general" for i in self.issues) or "what_happened" in self.facts or self.tells_a_story

    @property
    def tells_a_story(self) -> bool:
        """At least one sentence that is more than an outcry."""
        return any(len(t["text"]) >= STORY for t in self.told)

    @property
    def guessed(self) -> bool:
        """A cause is suspected and nothing better is known."""
        return bool(self.issues) and not any(i.sure for i in self.issues)

    @property
    def anonymous(self) -> bool:
        return self.consent is False

    def value(self, fact: str) -> str | None:
        return self.facts[fact].value if fact in self.facts else None

    def settled(self, fact: str) -> bool:
        return fact in self.facts or fact in self.declined or self.asked.get(fact, 0) >= 3
