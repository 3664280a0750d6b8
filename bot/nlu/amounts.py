"""Money as customers write it: 四百六, 一千二百五十块五, 1w2, 19块9, 退了我两千, 三五百块."""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator

from bot.nlu import amount_words as words
from bot.nlu import counts
from bot.nlu.numerals import magnitude, rough
from bot.nlu.span import Span


def find(text: str) -> Iterator[Span]:
    """Amounts first, then counts, people and scores of the folded `text`."""
    if counts.ANY_NUMBER.search(text):
        yield from _once(_amounts(text))
        yield from counts.find(text)


def money(value: Decimal) -> str:
    """460, 12.8, 0.01: no trailing zeros, no exponent."""
    return format(value.quantize(Decimal("0.01")).normalize(), "f")


def _once(spans: Iterator[Span]) -> Iterator[Span]:
    """A sum said twice is one fact."""
    told, seen = sorted(spans, key=lambda s: s.start), set()
    for span in told:
        if span.value not in seen:
            seen.add(span.value)
            yield span


def _amounts(text: str) -> list[Span]:
    found: list[Span] = []
    taken = bytearray(len(text))
    for reader in (_spelled, _bare, _said, _bought, _decimals):
        for span in reader(text):
            if not any(taken[span.start:span.end]):
                found.append(span)
                taken[span.start:span.end] = b"\1" * (span.end - span.start)
    if len(found) < 2 or "不是" not in text:
        return found
    return [s for s in found if not re.search(r"(?<!是)不是$", text[max(0, s.start - 3):s.start])] or found


def _amount(start: int, end: int, value: Decimal, approx: bool, confidence: float = 1.0) -> Span:
    return Span("amount", start, end, money(value), confidence, extra={"approx": True} if approx else {})


def _spelled(text: str) -> Iterator[Span]:
    """With its currency: 三百块, ¥99, 两毛."""
    for m in words.MONEY.finditer(text):
        if (found := _sum(m, text)) is not None and found[0] > 0:
            yield _amount(m.start(), m.end(), *found)


def _sum(m: re.Match[str], text: str) -> tuple[Decimal, bool] | None:
    if words.SAME.match(text, m.start()) or (m["yuan"] == "块" and not m["jiao"] and _is_item(m, text)):
        return None
    if m["small"]:
        return _small(m)
    number = rough(m["sign"] or m["main"])
    if number is None or (m["main"] == "一" and m["yuan"] == "块" and not m["jiao"]):      # 一块儿
        return None
    value, about = number[0], number[1] or bool(m["more"]) or bool(m["low"])
    if m["wan"] or m["myriad"]:
        value *= {"万": 10_000, "千": 1000, "百": 100}[m["wan"] or m["myriad"]]
    if m["low"]:
        value = _lower(m["low"], m["main"], value)
    if m["jiao"] and (tenths := rough(m["jiao"])):
        value += tenths[0] / (100 if len(m["jiao"]) == 2 and not m["mao"] else 10)
    if m["fen"]:
        value += rough(m["fen"][0])[0] / 100
    return value, about


def _lower(lower: str, upper: str, value: Decimal) -> Decimal:
    """两到三万: the lower bound shares the upper one's magnitude."""
    low = rough(lower)
    if low is None:
        return value
    unit = re.search(r"[百千]?[万亿]+$|[百千kw]$", upper)
    if not unit or re.search(r"[万亿kw]$", lower):
        return low[0]
    if low[0] < 10:
        return low[0] * magnitude(unit[0])
    return low[0] * magnitude(unit[0].lstrip("百千")) if unit[0][-1] in "万亿kw" else low[0]


def _small(m: re.Match[str]) -> tuple[Decimal, bool] | None:
    value = rough(m["small"])
    if value is None:
        return None
    fen = rough(m["sfen"][0])[0] / 100 if m["sfen"] else 0
    return value[0] / (100 if m["unit"].startswith("分") else 10) + fen, value[1]


def _is_item(m: re.Match[str], text: str) -> bool:
    """三块地板 are things."""
    return bool(m["main"] and not m["wan"] and (rough(m["main"]) or (99,))[0] < 20
                and (words.ITEM.match(text, m.end("yuan")) or (m["yuan"] == "块" and words.HURT.search(text, max(0, m.start() - 3), m.start()))))


def _bare(text: str) -> Iterator[Span]:
    for m in words.BARE.finditer(text):
        number = rough(m["bare"])
        if number and (number[0] >= 100 or m["wan"]) and not words.IDIOM.search(text, max(0, m.start() - 3), m.end() + 2) and not (m["bare"][0].isdigit() and words.NO_SUM.search(text, max(0, m.start() - 10), m.start())):
            if words.READING.search(text, max(0, m.start() - 6), m.start()) or (m["bare"] in ("2k", "4k", "8k") and not text.startswith(("工资", "月薪"), m.end())):
                continue
            value = number[0] * (10_000 if m["wan"] else 1)
            lower = words.FROM.search(text, max(0, m.start() - 8), m.start())
            start = lower.start() if lower else m.start()
            yield _amount(start, m.end(), _lower(lower["low"], m["bare"], value) if lower else value, number[1] or bool(m["more"] or lower))


def _said(text: str) -> Iterator[Span]:
    for m in words.SAID.finditer(text):
        before = text[max(0, m.start() - 8):m.start("num")]
        clear = m["strong"] or "." in m["num"] or re.match(r"$|[,。!?;\s吧呢了啊呀]", text[m.end():])
        number = rough(m["num"])
        multiple = m["strong"] in ("赔", "罚", "返") and re.search(r"[一二三1-3]$", text[max(0, m.start() - 1):m.start()])
        if number and clear and not multiple and (m["strong"] or not (words.HOTLINE.match(m["num"]) or words.NO_SUM.search(before))) and not words.IDIOM.search(text, max(0, m.start("num") - 1), m.end() + 2):
            yield _amount(m.start("num"), m.end(), number[0], number[1] or bool(m["more"]), 0.85)


def _bought(text: str) -> Iterator[Span]:
    for m in [*words.BOUGHT.finditer(text), *words.FROM_TO.finditer(text), *(words.ENDING.finditer(text) if words.PRICY.search(text) else ())]:
        if not words.NO_SUM.search(text, max(0, m.start() - 8), m.start()) and not words.HOTLINE.match(m["num"]):
            yield _amount(*m.span("num"), Decimal(m["num"]), False, 0.85)


def _decimals(text: str) -> Iterator[Span]:
    for m in words.DECIMAL.finditer(text):
        if not words.NOT_PRICE.search(text, max(0, m.start() - 10), m.start()):
            yield _amount(m.start(), m.end(), Decimal(m["dec"]), False, 0.7)
