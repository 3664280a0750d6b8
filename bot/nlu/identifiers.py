"""Phones, e-mail, order, tracking and ticket numbers, and the numbers that must never be kept.

`\\b` finds no border between a digit and a Chinese character, so borders are spelled out.
"""
from __future__ import annotations

import re
from typing import Iterator

from bot.nlu.span import Span

_SEP = r"[ -]?"
_MOBILE = re.compile(rf"(?<![\da-z])(?:\+?86{_SEP})?(1[3-9]\d){_SEP}(\d{{4}}){_SEP}(\d{{4}})(?![\da-z])")
_LANDLINE = re.compile(r"(?<![\da-z])(0\d{2,3})[ -]?(\d{7,8})(?![\da-z])|(?<!\d)([48]00)[ -]?(\d{3,4})[ -]?(\d{3,4})(?!\d)")
_EMAIL = re.compile(r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}(?![\w-])", re.ASCII)
_ID = re.compile(r"(?<![\da-z])[1-9]\d{5}[ -]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dx](?![\da-z])")
_CARD = re.compile(r"(?<![\da-z])\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![\da-z])")
_CARD_WORDS = re.compile(r"银行卡|信用卡|储蓄卡|借记卡|卡号|开户|建行|工行|农行|中行|招行|交行")
_TICKET = re.compile(r"(?<![\da-z])c\d{6}[0-9a-z]{4,6}(?![\da-z])")
_CARRIER = re.compile(r"(?<![\da-z])(?:sf|yt|zto|sto|jdv[a-z]?|jt|ems|db|fc|dpk?|zt|st|yd)[a-z]{0,3}\d{8,18}(?![\da-z])")
_LABELLED = re.compile(
    r"(?P<label>运单号?|快递单号?|物流单号?|快递号|包裹号|货运单号?|邮件号|(?:顺丰|圆通|中通|申通|韵达|极兔|京东|邮政|德邦)(?:的)?(?:单号|快递)?|"
    r"订单编?号?|单号|单子号|订单|小票号?|流水号|充值单号?|交易号|凭证号|户号|合同号?|保单号?|预约号|编号|order(?: ?(?:no|id|number))?)"
    r"\s*(?:是|为|:|：|,|\.|#|就是|叫)?\s*(?P<id>[a-z]{0,8}[-_]?\d[\da-z-]{4,30}(?<!-))(?![\da-z])")
_BARE = re.compile(r"(?<![\da-z.¥￥])(?:[a-z]{1,6}-?\d{7,24}|\d{10,24})(?![\da-z.]|元|块)")
_TRACKING_LABEL = re.compile(r"运单|快递|物流|包裹|货运|邮件|顺丰|圆通|中通|申通|韵达|极兔|邮政|德邦")
_BATCH = re.compile(r"(?:批号|批次号?|生产批号|lot)\s*(?:是|为|:|：|号)?\s*(?P<id>[a-z]{0,4}\d[\da-z-]{2,18})(?![\da-z])")


def find(text: str, raw: str) -> Iterator[Span]:
    """Identifiers in the folded `text`; values keep the letters of `raw` (folded to half width)."""
    for m in _ID.finditer(text):
        yield Span("id_number", m.start(), m.end(), None)
    for m in _EMAIL.finditer(text):
        yield Span("email", m.start(), m.end(), m[0])
    for m in _TICKET.finditer(text):
        yield Span("ticket_id", m.start(), m.end(), m[0].upper())
    for m in _MOBILE.finditer(text):
        yield Span("phone", m.start(), m.end(), "".join(m.groups()))
    for m in _BATCH.finditer(text):
        yield Span("batch_no", *m.span("id"), _typed(raw, m.span("id")))
    for m in _LABELLED.finditer(text):
        kind = "tracking_no" if _TRACKING_LABEL.search(m["label"]) or (m["label"] in ("单号", "单子号", "编号") and _CARRIER.fullmatch(m["id"])) else "order_id"
        if not (_CARD.fullmatch(m["id"]) and _luhn(m["id"]) and _CARD_WORDS.search(text)):
            yield Span(kind, *m.span("id"), _typed(raw, m.span("id")))
    for m in _CARRIER.finditer(text):
        yield Span("tracking_no", m.start(), m.end(), _typed(raw, m.span()))
    for m in _CARD.finditer(text):
        if _luhn(m[0]) or _CARD_WORDS.search(text[max(0, m.start() - 12):m.start()]):
            yield Span("bank_card", m.start(), m.end(), None)
    for m in _LANDLINE.finditer(text):
        yield Span("phone", m.start(), m.end(), re.sub(r"\D", "", m[0]))
    for m in _BARE.finditer(text):
        tracking = _TRACKING_LABEL.search(text[max(0, m.start() - 10):m.start()]) and "订单" not in text[max(0, m.start() - 10):m.start()]
        yield Span("tracking_no" if tracking else "order_id", m.start(), m.end(), _typed(raw, m.span()), 0.8)


def _typed(raw: str, span: tuple[int, int]) -> str:
    """The identifier as typed, full-width folded."""
    return "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in raw[slice(*span)])


def _luhn(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()][::-1]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0


SECRET = ("id_number", "bank_card")
SHOWN = {"id_number": "〔证件号已隐藏〕", "bank_card": "〔卡号已隐藏〕"}


def mask(text: str, folded: str) -> tuple[str, tuple[str, ...]]:
    """`text` with identity and bank-card numbers taken out, and what kinds were there."""
    found = sorted((s for s in find(folded, text) if s.entity in SECRET), key=lambda s: -s.start)
    kinds: list[str] = []
    for span in found:
        text = text[:span.start] + SHOWN[span.entity] + text[span.end:]
        kinds.append(span.entity)
    return text, tuple(dict.fromkeys(kinds))
