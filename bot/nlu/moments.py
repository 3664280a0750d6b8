"""What a named day is read against, and what reading it gives."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.nlu.numerals import parse


@dataclass(frozen=True)
class Moment:
    """What a date is read against: `anchor` is the last day that was named, `since` the first of a pair."""

    now: datetime
    future: bool = False
    anchor: date | None = None
    since: date | None = None

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True)
class Day:
    """`value` is ISO, partial, a pair, or None for a vague one; `day` is set where a clock may follow; `part` hints at the half of the day."""

    value: str | None
    day: date | None = None
    part: str = ""


def exact(day: date | None, part: str = "") -> Day | None:
    return Day(day.isoformat(), day, part) if day else None


def safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def integer(text: str | None) -> int:
    value = parse(text.replace("廿", "二十").replace("卅", "三十").removeprefix("初").replace("二十十", "二十")) if text else None
    return int(value) if value is not None else 0


def shifted(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1
