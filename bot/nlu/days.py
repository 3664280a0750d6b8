"""Days, months and years as customers name them, read against a day in Asia/Shanghai.

A date without a year is the nearest past one (the nearest coming one where the customer looks ahead); a known year or
month alone stays partial; a week or a weekend is a pair of days; vague ranges (前段时间) have no value.
"""
from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Callable

from bot.nlu import lunar, relative_days
from bot.nlu.day_words import ANY, LATER, RULES
from bot.nlu.festivals import festival_date, in_year
from bot.nlu.moments import Day, Moment, exact, integer, safe, shifted
from bot.nlu.numerals import parse

__all__ = ["ANY", "Day", "Moment", "read"]
_BEFORE_IT = re.compile(r"快要?$")
_AGE = re.compile(r"(?:都|才|刚|已经)?[\d一二三四五六七八九十]{2,3}(?:岁|了|多|[,。!?]|$)")       # 我今年八十一
_YEARS = {"去": -1, "上": -1, "上一": -1, "前": -2, "大前": -3, "今": 0, "当": 0, "本": 0, "明": 1, "次": 1, "后": 2, "大去": -1}


def read(m: re.Match[str], moment: Moment) -> Day | None:
    """What the match of `ANY` means; None when it is no date after all."""
    rule = next(name for name in RULES if m[f"r_{name}"] is not None)
    return _READERS[rule](m, moment)


def _nearest(moment: Moment, month: int, day: int) -> date | None:
    """The nearest past day of that name; the nearest coming one when looking ahead or closing a pair."""
    if moment.since:
        found = next((d for y in range(4) if (d := safe(moment.since.year + y, month, day)) and d >= moment.since), None)
        return found
    step, last = (1, moment.today.year + 8) if moment.future else (-1, moment.today.year - 8)
    for year in range(moment.today.year, last, step):
        found = safe(year, month, day)
        if found and ((found >= moment.today) if moment.future else (found <= moment.today)):
            return found
    return None


def _iso(m: re.Match[str], moment: Moment) -> Day | None:
    digits = re.split(r"\D", m["r_iso"])
    year, month, day = digits if len(digits) == 3 else (m["r_iso"][:4], m["r_iso"][4:6], m["r_iso"][6:])
    return exact(safe(int(year), int(month), int(day)))


def _moon(m: re.Match[str], moment: Moment) -> Day | None:
    month = m["lm"] or m["lm2"] or m["lm3"] or ("腊" if m["eve12"] else "正")
    number = lunar.month_number(month) or integer(month)
    day = integer(m["ld"] or m["ld2"] or m["ld3"] or m["ny"] or m["ny2"] or m["eve12"])
    if m["ly"] or m["ly2"]:
        found = lunar.solar(_year(m["ly"] or m["ly2"], moment) or 0, number, day or 1)
    else:
        near = [d for y in (-2, -1, 0, 1) if (d := lunar.solar(moment.today.year + y, number, day or 1))]
        found = next((d for d in near if d >= moment.today), None) if moment.future else next((d for d in near[::-1] if d <= moment.today), None)
    return exact(found) if day else Day(f"{found.year}-{found.month:02d}") if found else None


def _year(word: str, moment: Moment) -> int | None:
    if word in _YEARS:
        return moment.today.year + _YEARS[word]
    value = integer("".join(word))
    if len(word) == 2:
        value += 1900 if value > moment.today.year % 100 + 10 else 2000
    return value


def _ymd(m: re.Match[str], moment: Moment) -> Day | None:
    word, rest = m["y"], m.string[m.end():m.end() + 3]
    if len(word) == 2 and word not in _YEARS and not (m["yrest"] or m["yfest"] or m["yseason"]) and not (word[0] in "0零〇" or ("15" <= word <= "39" and re.match(LATER, rest))):
        return None                                          # 用了10年 counts years
    if word == "次" or (word == "当" and not moment.anchor) or rest.startswith(("代", "级", "款的")) or (word == "今" and not m["yrest"] and _AGE.match(m.string, m.end())):
        return None
    year = _year(word, moment)
    if year is None:
        return None
    if m["yfest"]:
        return exact(in_year(m["yfest"], year))
    if m["yd"]:
        return exact(safe(year, integer(m["ym"]), integer(m["yd"])))
    if m["ym"]:
        return Day(f"{year}-{integer(m['ym']):02d}")
    return Day(f"{year}-12" if (m["yseason"] or "").endswith(("底", "末")) else f"{year}-01" if (m["yseason"] or "").endswith("初") else str(year))


def _month_day(m: re.Match[str], moment: Moment) -> Day | None:
    return exact(_nearest(moment, integer(m["mm"] or m["dm"] or m["sm"]), integer(m["dd"] or m["dotd"] or m["sd"])))


def _dots(m: re.Match[str], moment: Moment) -> Day | None:
    """10.1-10.7 is a pair of days."""
    first = _nearest(moment, *map(int, m["d1"].split(".")))
    last = first and _nearest(Moment(moment.now, since=first), *map(int, m["d2"].split(".")))
    return Day(f"{first.isoformat()}/{last.isoformat()}") if first and last else None


def _month(m: re.Match[str], moment: Moment) -> Day | None:
    month, base = integer(m["tm"] or m["om"]), moment.since or moment.today
    if not 1 <= month <= 12:
        return None
    ahead = moment.since is not None or moment.future
    year = base.year + (month < base.month) if ahead else base.year - (month > base.month)
    return Day(f"{year}-{month:02d}")


def _day_of_month(m: re.Match[str], moment: Moment) -> Day | None:
    day, base = integer(m["od"]), moment.since or moment.today
    if not 1 <= day <= 31:
        return None
    ahead = moment.since is not None or moment.future
    for months in range(4):
        year, month = shifted(base, months if ahead else -months)
        found = safe(year, month, day)
        if found and ((found >= base) if ahead else (found <= base)):
            return exact(found)
    return None


def _festival(m: re.Match[str], moment: Moment) -> Day | None:
    if _BEFORE_IT.search(m.string[max(0, m.start() - 2):m.start()]):
        return None                                          # 快过年了 tells no day
    found = festival_date(m["fest"] or m["num"], moment.since or moment.today, moment.future or moment.since is not None)
    later = int(parse(m["nth"]) or 1) - 1 if m["nth"] else 1 if m["morrow"] else -int(parse(m["days"] or "一") or 1) if m["eve"] else 0
    return exact(found + timedelta(days=later)) if found else Day(None)


_READERS: dict[str, Callable[[re.Match[str], Moment], Day | None]] = {
    "iso": _iso, "moon": _moon, "ymd": _ymd, "md": _month_day, "dot": _month_day, "dots": _dots, "slash": _month_day, "mthird": _month, "month": _month,
    "rmonth": relative_days.relative_month, "edge": relative_days.edge, "week": relative_days.week, "weekday": relative_days.weekday, "weekend": relative_days.weekend, "rel": relative_days.near, "anaphor": relative_days.anaphor,
    "ago": relative_days.ago, "day": _day_of_month, "fest": _festival}
