"""Times and durations in a message, read against a `now` in Asia/Shanghai.

A day without a clock is a date; a part of the day alone does not invent a time; a clock without a day belongs to the day
named before it, else to today; two that are joined (五号到八号, 两点到四点) are a pair.
"""
from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Iterable, Iterator

from bot.nlu import clocks, days, durations
from bot.nlu.clocks import PART, Clock
from bot.nlu.span import Span

_TIMELY = re.compile(r"[\d一二两三四五六七八九十半几年月日天周号点时分节前后晚早今昨明午夜晨初除夕末底俩仨清至过抬阵端秋重旦祭庆圣宵腊季星礼]")
# 11月20日(周五): the weekday says nothing new; after a weekday it names another day.
_SAME_DAY = r"(?:那一?天|当天|这天)?(?:(?:(?<=[号\d])|(?<=[\d一二三四五六七八九十]日))[(（]?(?:周|星期|礼拜)[一二三四五六日天][)）]?)?"
_SELF = re.compile(_SAME_DAY)
_GLUE = re.compile(_SAME_DAY + r"(?:的|,|\s|大概|大约|差不多|将近|快|约|t(?=\d\d:)|-(?=\d\d?:))?")
_PART_HERE = re.compile(PART)
_TAIL = re.compile(r"(?:(?:以|之)[后前]|左右|前后|许|前(?=[要给到必得])|那会儿?|那阵)")
_LINK = re.compile(r"\s?(?:[起开]?始?(?:一直)?[到至]|[-~—–]{1,2}|和(?=.{2,6}之间))\s?")
_PART_ALONE = re.compile(rf"(?<![一整半每几两到至拖])(?<![一整半每][天个])(?:{PART})(?![好安饭餐高自习报班市场茶睡觉休间]|三点|不?睡|上?班)")
_YEAR_ALONE = re.compile(r"(?<![\d.¥a-z-])(?:20[0-3]\d|19[5-9]\d)(?=买|办|开的|入|装|的时候|就(?:买|在|开))")
# In its clause the customer looks ahead: when to be called, by when it must be done.
_AHEAD = re.compile(r"打给我|联系我|回电|打我|再打|打过来|给我打|有空|方便|来电|来取|之前(?:必须|给|要|得|不)|前(?:必须|要给|得给|给我)|以后打|后打|上门(?!的|了|时)|给(?:我)?(?:个|一个)?(?:答复|说法|回复)|回复我|在家(?:等|,|$)|闲着|空着|要用|等到")
_BEHIND = re.compile(r"买|下单|收到|签收|到货|订的|送来|发的|发货|了(?:就|还|也|,|$)|已经|过了|的时候|说(?:好|是|过)")


@dataclass
class _Reading:
    """What was read so far, left to right."""

    anchor: date | None = None
    before: Span | None = None
    before_day: date | None = None


def find(text: str, now: datetime, *, future: bool = False) -> Iterator[Span]:
    """Times, then durations, of the folded `text`. `future`: the customer speaks of when to be called."""
    if not _TIMELY.search(text):
        return
    timed = _merged([*_dated(text, now, future)], text, now, future)
    yield from timed
    taken = bytearray(len(text))
    _mark(taken, timed)
    yield from (span for span in durations.find(text) if not any(taken[span.start:span.end]))


def _merged(dated: list[tuple[Span, date | None]], text: str, now: datetime, future: bool) -> list[Span]:
    """Dated times, and the clocks and parts of the day that stand alone; each value once, pairs joined."""
    spans, taken = [span for span, _ in dated], bytearray(len(text))
    places, named = [span.start for span, day in dated if day], [day for _, day in dated if day]

    def add(span: Span) -> None:
        if not any(taken[span.start:span.end]):
            spans.append(span)
            _mark(taken, [span])

    def anchor(place: int) -> date:
        return named[i - 1] if (i := bisect(places, place)) else now.date()

    _mark(taken, spans)
    for start, clock in clocks.alone(text, future=future):
        if not any(taken[start:clock.end]):
            add(_clocked(text, start, anchor(start), clock, future, 0.9))
    for m in _PART_ALONE.finditer(text):
        add(Span("time", m.start(), m.end(), anchor(m.start()).isoformat(), 0.6))
    for m in _YEAR_ALONE.finditer(text):
        add(Span("time", m.start(), m.end(), m[0], 0.7))
    return _once(_without_denied(sorted(spans, key=lambda s: s.start), text), text)


def _mark(taken: bytearray, spans: Iterable[Span]) -> None:
    for span in spans:
        taken[span.start:span.end] = b"\1" * (span.end - span.start)


def _dated(text: str, now: datetime, future: bool) -> Iterator[tuple[Span, date | None]]:
    """Every date with the clock that follows it; a joined pair becomes one span."""
    last: tuple[Span, date | None] | None = None
    anchor: date | None = None
    place = 0
    while m := days.ANY.search(text, place):
        linked = bool(last and _LINK.fullmatch(text[last[0].end:m.start()]) and last[0].value and "/" not in last[0].value)
        moment = days.Moment(now, future or _looks_ahead(text, m), anchor, _first_day(last[0].value) if linked else None)
        found = days.read(m, moment)
        if found is None:
            place = m.end() if m.end() > m.start() else m.start() + 1
            continue
        span = _span(text, m, found, moment)
        place, anchor = span.end, found.day or anchor
        if linked and span.value and "/" not in span.value:
            last = Span("time", last[0].start, span.end, f"{last[0].value}/{span.value}", 0.95), last[1]
            continue
        if last:
            yield last
        last = span, found.day
    if last:
        yield last


def _first_day(value: str) -> date:
    year, month, day = (*value[:10].split("-"), "1", "1")[:3]
    return date(int(year), int(month), int(day))


def _looks_ahead(text: str, m: re.Match[str]) -> bool:
    a = max(text.rfind(p, 0, m.start()) for p in ",。!?;\n ") + 1
    end = min((p for p in (text.find(p, m.end()) for p in ",。!?;\n ") if p >= 0), default=len(text))
    clause = text[a:min(end, m.end() + 30)]
    return bool(_AHEAD.search(clause)) and not _BEHIND.search(clause)


def _span(text: str, m: re.Match[str], found: days.Day, moment: days.Moment) -> Span:
    """The date with its clock or part of the day, and 以后 or 左右."""
    start, end = m.start(), m.end()
    while text[end - 1] in "的,， ":
        end -= 1
    glue = _GLUE.match(text, end).end()
    clock = clocks.at(text, glue, found.part, future=moment.future) if found.day else None
    if clock and found.day:
        return _clocked(text, start, found.day, clock, moment.future, 0.95)
    if part := _PART_HERE.match(text, glue):
        end = part.end()
    else:
        end = _SELF.match(text, end).end()
    tail = _TAIL.match(text, end)
    return Span("time", start, tail.end() if tail else end, found.value, 0.95)


def _clocked(text: str, start: int, day: date, clock: Clock, future: bool, confidence: float) -> Span:
    value, second = _stamp(day, clock), clocks.until(text, clock, future=future)
    if second:
        value, clock = f"{value}/{_stamp(day, second)}", second
    tail = _TAIL.match(text, clock.end)
    return Span("time", start, tail.end() if tail else clock.end, value, confidence)


def _stamp(day: date, clock: Clock) -> str:
    return f"{(day + timedelta(days=clock.day)).isoformat()}T{clock.hour:02d}:{clock.minute:02d}"


def _without_denied(spans: list[Span], text: str) -> list[Span]:
    """是晚上九点不是早上九点: what it was not is no fact, where another time is told."""
    if len(spans) < 2 or "不是" not in text:
        return spans
    kept = [s for s in spans if not re.search(r"(?<!是)不是(?:在)?$", text[max(0, s.start - 4):s.start])]
    return kept or spans


def _once(spans: list[Span], text: str) -> list[Span]:
    """A time said twice is one fact; 半夜 and 早上 of one day are two, but add nothing to a day that was named."""
    kept: list[Span] = []
    seen: dict[str, str] = {}
    for span in spans:
        words = text[span.start:span.end] if span.confidence < 0.7 else ""
        if span.value is None or span.value not in seen or (words and seen[span.value] not in ("", words)):
            kept.append(span)
            seen.setdefault(span.value or "", words)
    return kept
