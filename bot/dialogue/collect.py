"""What is still missing for this case: an ordered question bank per cause, capped so that filing stays short."""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.dialogue.case import Case
from bot.vocabulary import COMPLAINT_INTENTS, FACTS


_DELIVERY = {"complain_delivery_delay", "complain_delivery_service", "complain_lost_damaged"}
_GOODS = {"complain_quality", "complain_wrong_missing", "complain_counterfeit", "complain_return_exchange"}
_PARCEL = re.compile(r"快递|快件|包裹|物流|运单|中转|(?<!封)寄")


@dataclass(frozen=True)
class Questions:
    """`either`: groups of facts that stand for each other."""

    most: int
    default: tuple[str, ...]
    causes: dict[str, tuple[str, ...]]
    either: tuple[frozenset[str], ...]


@lru_cache(maxsize=None)
def question_bank(path: Path = Path(__file__).with_name("collect.yml")) -> Questions:
    """Read and check the YAML once; ValueError names the file and the wrong key."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    for cause, facts in raw["causes"].items():
        wrong = [f for f in facts if f not in FACTS] + ([cause] if cause not in COMPLAINT_INTENTS else [])
        if wrong:
            raise ValueError(f"{path.name}: causes.{cause}: unknown name {wrong[0]}")
    return Questions(raw["questions"], tuple(raw["default"]), {c: tuple(f) for c, f in raw["causes"].items()},
                     tuple(frozenset(g) for g in raw["either"]))


def _is_parcel(case: Case) -> bool:
    """A parcel on its way has a tracking number; its sender may know no order."""
    return bool(_DELIVERY & set(case.causes)) and any(_PARCEL.search(t["text"]) for t in case.told)


def missing_fact(case: Case, bank: Questions | None = None) -> str | None:
    """The next fact to ask for, or None when enough is known or enough was asked."""
    bank = bank or question_bank()
    if case.pending in FACTS and case.pending not in ("contact_phone", "contact_name") and not case.settled(case.pending) and case.pending in case.asked:
        return case.pending                                  # an open question comes first
    if case.guessed and case.issues[0].rival and not case.settled("what_happened") and "what_happened" not in case.asked:
        return "what_happened"                               # which of two it is, before anything that depends on it
    asked = [f for f in case.asked if f in FACTS and f not in ("contact_phone", "contact_name", "contact_time")]
    budget = bank.most - (1 if case.listened else 0) - (1 if len(case.issues) > 2 else 0)
    if len(asked) >= max(1, budget):
        return None
    if not case.knows_what and "what_happened" in case.asked:
        return None                                          # nothing is told: no use in asking when it was
    wanted: list[str] = []
    for cause in case.causes:
        wanted += [f for f in bank.causes.get(cause, bank.default) if f not in wanted]
    for fact in wanted:
        if fact == "what_happened" and case.knows_what or fact == "product" and case.tells_a_story and not set(case.named) <= _GOODS:
            continue                                         # what a service is stands in the story
        if fact == "tracking_no" and set(case.causes) == {"complain_delivery_service"} and not _is_parcel(case):
            continue                                         # a fitter or a cleaner came, no parcel
        if fact == "order_id" and _is_parcel(case):
            fact = "tracking_no"
        alike = next((g for g in bank.either if fact in g), frozenset((fact,)))
        if not any(case.settled(f) for f in alike):
            return fact
    return None
