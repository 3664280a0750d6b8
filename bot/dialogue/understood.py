"""One customer message as the NLU understood it: Rasa's loose dict becomes a frozen value here."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping

from bot.vocabulary import INTENTS

UNCLEAR = "unclear"
# Which fact of the case an entity fills.
FACT_OF = {"product": "product", "brand": "brand", "model": "model", "batch_no": "batch_no", "order_id": "order_id", "tracking_no": "tracking_no",
           "ticket_id": "ticket_id", "time": "when", "store": "where", "address": "address", "amount": "amount", "quantity": "quantity",
           "people_count": "people_count", "staff": "staff", "company": "company", "courier": "courier", "phone": "contact_phone", "person": "contact_name"}


@dataclass(frozen=True)
class Found:
    """An entity: `text` the words, `value` the normalised form (may be None)."""

    entity: str
    text: str
    value: Any
    start: int = 0
    end: int = 0
    confidence: float = 1.0


@dataclass(frozen=True)
class Grievance:
    """One complaint cause and the words that tell it."""

    cause: str
    text: str
    confidence: float = 1.0


@dataclass(frozen=True)
class RiskSign:
    name: str
    text: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Understood:
    """Everything `hear` needs; `choice` is a button's payload, `secrets` the kinds of numbers masked at the door."""

    text: str
    message: str = ""
    intent: str = UNCLEAR
    confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[Found, ...] = ()
    issues: tuple[Grievance, ...] = ()
    emotion: str = "calm"
    risks: tuple[RiskSign, ...] = ()
    choice: str | None = None
    secrets: tuple[str, ...] = ()
    page: Mapping[str, str] = field(default_factory=dict)                 # the order and store of the page that the message was written on
    at: float = 0.0

    @classmethod
    def from_parse(cls, parse: Mapping[str, Any], *, message: str = "", metadata: Mapping[str, Any] | None = None, at: float = 0.0) -> Understood:
        """From Rasa's parse data and the metadata that reception attached."""
        metadata = metadata or {}
        text = parse.get("text") or ""
        intent = parse.get("intent") or {}
        name = intent.get("name")
        parse = _by_intent(parse, name, text)
        return cls(
            text=text, message=str(metadata.get("message") or message), intent=name if name in INTENTS else UNCLEAR,
            confidence=float(intent.get("confidence") or 0.0),
            ranking=tuple((r["name"], float(r["confidence"])) for r in parse.get("intent_ranking") or () if r["name"] in INTENTS)[:5],
            entities=tuple(Found(e["entity"], e.get("text") or text[e.get("start", 0):e.get("end", 0)], e.get("value"), e.get("start", 0),
                                 e.get("end", 0), float(e.get("confidence") or e.get("confidence_entity") or 1.0)) for e in parse.get("entities") or ()),
            issues=tuple(Grievance(i["cause"], text[i["start"]:i["end"]], float(i["confidence"])) for i in parse.get("issues") or ()),
            emotion=(parse.get("emotion") or {}).get("label") or "calm",
            risks=tuple(RiskSign(r["name"], r.get("text") or "", float(r["confidence"])) for r in parse.get("risks") or ()),
            choice=metadata.get("choice"), secrets=tuple(metadata.get("secrets") or ()), page=metadata.get("page") or {}, at=at)

    def is_(self, *intents: str, at_least: float = 0.0) -> bool:
        return self.intent in intents and self.confidence >= at_least

    def first(self, entity: str) -> Found | None:
        return next((e for e in self.entities if e.entity == entity), None)


_RISK_OF = {"self_harm": "self_harm", "violence_threat": "violence", "threat_external": "media_legal", "group_complaint": "group"}


def _by_intent(parse: Mapping[str, Any], name: str | None, text: str) -> Mapping[str, Any]:
    """Stories and other NLU pipelines know only intents: a complaint is an issue, a threat is a risk."""
    if "issues" in parse or name not in INTENTS:
        return parse
    issues = [{"cause": name, "start": 0, "end": len(text), "confidence": 1.0}] if name.startswith("complain_") else []
    risks = [{"name": _RISK_OF[name], "text": text, "confidence": 1.0}] if name in _RISK_OF else []
    return {**parse, "issues": issues, "risks": risks}
