"""When things are due, in Chinese working time: split shifts, public holidays and make-up workdays (调休)."""
from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import chinese_calendar

from kb_connector.errors import Rejected
from kb_connector.policy_types import Policy, Sector
from kb_connector.time import SHANGHAI, in_shanghai, iso

_SPAN = re.compile(r"(\d+)(s|m|h|d|wm|wh|wd)")
_ELAPSED = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_FURTHEST_DAYS = 400


def due(policy: Policy, severity: str, started: datetime, sector: str | None = None) -> dict[str, str | None]:
    """ISO times by which each step of a complaint of this severity, begun at `started`, is due."""
    clock, start = policy.clocks.levels[severity], in_shanghai(started)
    spans = {"acknowledge": clock.acknowledge, "first_reply": clock.first_reply, "plan": clock.plan, "close": clock.close}
    times = {step: span and iso(after(policy, start, span)) for step, span in spans.items()}
    times["legal"] = iso(after(policy, start, _sector(policy, sector).legal))
    return times


def _sector(policy: Policy, name: str | None) -> Sector:
    try:
        return policy.sectors[name or policy.company.sector]
    except KeyError:
        raise Rejected(f"unknown sector {name!r}", {"known": sorted(policy.sectors)}) from None


def after(policy: Policy, start: datetime, span: str) -> datetime:
    """The moment `span` after `start`, counted as the span's unit says."""
    if span == "same_day":
        return _same_day(policy, start)
    count, unit = _SPAN.fullmatch(span).groups()
    if unit in _ELAPSED:
        return start + timedelta(**{_ELAPSED[unit]: int(count)})
    if unit == "wd":
        return _working_days_later(policy, start, int(count))
    return _opening_time_later(policy, start, timedelta(minutes=int(count) * (60 if unit == "wh" else 1)))


def is_open(policy: Policy, at: datetime) -> bool:
    at = in_shanghai(at)
    return any(opens <= at < closes for opens, closes in _shifts(policy, at.date()))


def next_opening(policy: Policy, at: datetime) -> datetime:
    """`at` itself while open, else the start of the next shift."""
    at = in_shanghai(at)
    for opens, closes in _shifts_from(policy, at):
        if closes > at:
            return max(at, opens)
    raise ValueError("the company never opens")


@lru_cache(maxsize=4096)
def is_workday(day: date) -> bool:
    """By the State Council's calendar; in years it does not know yet, Monday to Friday."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


@lru_cache(maxsize=4096)
def is_public_holiday(day: date) -> bool:
    """A day off that is more than an ordinary weekend."""
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return off and name is not None


def _shifts(policy: Policy, day: date) -> list[tuple[datetime, datetime]]:
    hours = policy.company.hours
    shifts = hours.workday if is_workday(day) else hours.holiday if is_public_holiday(day) else hours.weekend
    return [(_at(day, shift.opens), _at(day, shift.closes)) for shift in shifts]


def _shifts_from(policy: Policy, at: datetime):
    for ahead in range(_FURTHEST_DAYS):
        yield from _shifts(policy, at.date() + timedelta(days=ahead))


def _same_day(policy: Policy, start: datetime) -> datetime:
    closing = _closing(policy, start.date())
    if is_workday(start.date()) and start < closing:
        return closing
    return _working_days_later(policy, start, 1)


def _working_days_later(policy: Policy, start: datetime, count: int) -> datetime:
    """Closing time of the `count`th working day after the day of `start`."""
    day = start.date()
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return _closing(policy, day)


def _opening_time_later(policy: Policy, start: datetime, left: timedelta) -> datetime:
    for opens, closes in _shifts_from(policy, start):
        begin = max(opens, start)
        if begin >= closes:
            continue
        if closes - begin >= left:
            return begin + left
        left -= closes - begin
    raise ValueError("the company does not open often enough")


def _closing(policy: Policy, workday: date) -> datetime:
    return _at(workday, max(shift.closes for shift in policy.company.hours.workday))


def _at(day: date, hhmm: str) -> datetime:
    if hhmm == "24:00":
        return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    return datetime.combine(day, time.fromisoformat(hhmm), SHANGHAI)
