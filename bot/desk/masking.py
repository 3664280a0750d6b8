"""Personal data as staff see it until they ask for it: phones, e-mail addresses, identity and card numbers, house numbers. Pure."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.dialogue.case import Case
from bot.dialogue.summary import mask_phone
from bot.nlu.identifiers import find
from bot.nlu.normalise import fold
from kb_connector.tickets import Ticket

NUMBERS = ("order_id", "tracking_no", "ticket_id", "batch_no")  # facts that may look like a phone and are none
_HIDDEN = "＊＊＊"
_SUSPICIOUS = re.compile(r"\d{7}|\d{3}[ -]\d{4}|@|\d{4}[ -]\d{4}|[路街巷弄道村园苑区]\D{0,12}\d|[０-９＠]")
_HOUSE = re.compile(r"(?<=[路街巷弄道村园苑城庄府院坊里区])(?:[\dA-Za-z零一二三四五六七八九十百]+(?:号楼|单元|号|弄|栋|幢|座|楼|层|室|户|房|门)(?:之\d+)?)+(?:\d{2,4}(?!\d|年|元|块|人|个|天))?")
_REGION = re.compile(r"^.{0,12}?(?:区|县|市|镇|乡)")
# What names things and is no text of a person: never masked.
_NAMES = frozenset({"id", "conversation", "client_id", "url", "number", "at", "message", "agent", "actor", "author", "key", "type", "channel", "event", "owner", "order_id",
                    "tracking_no", "ticket", "skill", "state", "due", "since", "deadline", "requested_at", "accepted_at", "assigned_at", "created_at", "updated_at"})


def hide(text: str, known: Iterable[str] = ()) -> tuple[str, tuple[str, ...]]:
    """`text` without what is personal, and which kinds were there; `known` are addresses that the case has understood."""
    kinds: list[str] = []
    for address in known:
        if address and address in text:
            text = text.replace(address, hidden_address(address))
            kinds.append("address")
    if _SUSPICIOUS.search(text):
        text, more = _numbers(text)
        masked = _HOUSE.sub(_HIDDEN, text)
        kinds += [*more, *(["address"] if masked != text else [])]
        text = masked
    return text, tuple(sorted(set(kinds)))


def _numbers(text: str) -> tuple[str, list[str]]:
    kinds = []
    for span in sorted(_spans(text), key=lambda s: -s.start):
        plain = text[span.start:span.end]
        text = text[:span.start] + _MASKS[span.entity](plain) + text[span.end:]
        kinds.append(span.entity)
    return text, kinds


def _spans(text: str) -> list[Any]:
    """Of overlapping ones the first and longest; service numbers (400, 800) are nobody's."""
    folded, taken = fold(text), []
    found = [s for s in find(folded, text) if s.entity in _MASKS and not re.match(r"[48]00", folded[s.start:s.end])]
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if not taken or span.start >= taken[-1].end:
            taken.append(span)
    return taken


def hidden_phone(text: str) -> str:
    digits = re.sub(r"\D", "", fold(text))
    return mask_phone(digits[2:] if len(digits) == 13 and digits.startswith("86") else digits)


def hidden_email(text: str) -> str:
    name, _, domain = text.partition("@")
    return f"{name[:1]}***@{domain}"


def hidden_address(text: str) -> str:
    """The district stays: who goes there must know the area, not the door."""
    region = _REGION.match(text)
    return (region[0] if region and len(region[0]) < len(text) else text[:2]) + _HIDDEN


_MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": hidden_phone, "email": hidden_email, "id_number": lambda _: "〔证件号已隐藏〕", "bank_card": lambda _: "〔卡号已隐藏〕"}


def hide_json(value: Any, known: Iterable[str] = (), key: str = "") -> Any:
    """Plain JSON with every text masked, but for names of things."""
    if isinstance(value, str):
        return value if key in _NAMES else hide(value, known)[0]
    if isinstance(value, Mapping):
        return {name: hide_json(child, known, name) for name, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [hide_json(child, known, key) for child in value]
    return value


def hide_message(row: Mapping[str, Any], known: Iterable[str] = ()) -> dict[str, Any]:
    """A message of the transcript; `masked` names the kinds that were hidden in its text."""
    text, kinds = hide(row["text"], known)
    return {**hide_json({k: v for k, v in row.items() if k != "text"}, known), "text": text, **({"masked": list(kinds)} if kinds else {})}


def hide_facts(facts: Mapping[str, Mapping[str, Any]], known: Iterable[str] = ()) -> dict[str, Any]:
    """A case's facts: order and tracking numbers stay as they are; what was hidden says so."""
    shown = {}
    for name, fact in facts.items():
        safe = hide_json(fact, known) | ({"value": fact["value"]} if name in NUMBERS else {})
        masked = name == "contact_phone" or any(safe[k] != fact[k] for k in ("value", "text"))
        shown[name] = safe | ({"masked": True} if masked else {})
    return shown


def hide_ticket(row: Mapping[str, Any], ticket: Ticket) -> dict[str, Any]:
    known = addresses(None, ticket)
    rest = {k: v for k, v in row.items() if k != "facts"}
    return hide_json(rest, known) | ({"facts": hide_facts(row["facts"], known)} if "facts" in row else {})


def addresses(case: Case | None, ticket: Ticket | None = None) -> tuple[str, ...]:
    """What is known to be an address, the longest first."""
    facts = [f for f in (case.facts.get("address") if case else None, ticket.facts.get("address") if ticket else None) if f]
    return tuple(sorted({t for f in facts for t in (f.value, f.text) if len(t) > 3}, key=len, reverse=True))
