"""Days told from today: 上周三, 大前天, 三个月前, 月底."""
from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from bot.nlu.moments import Day, Moment, exact, integer, shifted
from bot.nlu.numerals import rough

_WEEK_INDEX = {c: n for n, c in enumerate("一二三四五六")} | {"日": 6, "天": 6} | {str(n): n - 1 for n in range(1, 8)}


def relative_month(m: re.Match[str], moment: Moment) -> Day | None:
    base = moment.anchor or moment.today if m["rm"] == "同月" else moment.today
    year, month = shifted(base, _shift(m["rm"]))
    day = integer(m["rd"])
    return exact(date(year, month, min(day, calendar.monthrange(year, month)[1]))) if 1 <= day <= 31 else Day(f"{year}-{month:02d}")


def edge(m: re.Match[str], moment: Moment) -> Day | None:
    """月底, 年初: of the current month or year, or the last one that has been there."""
    word, today = m["eword"] or m["eword2"], moment.today
    if word.startswith("年"):
        return Day(f"{today.year - (word != '年初' and not moment.future and today.month < 11)}-{'01' if word == '年初' else '12'}")
    if word.endswith("半年"):
        return Day(str(today.year))
    if word.endswith("季度"):
        year, month = shifted(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), -3 if word[0] == "上" else 0)
        return Day(f"{year}-{month:02d}")
    past = word in ("月底", "月末") and not moment.future and today.day < 20
    year, month = shifted(today, -1 if past else 1 if word == "月初" and moment.future else 0)
    return Day(f"{year}-{month:02d}")


def _shift(word: str) -> int:
    return -word.count("上") - word.count("大") or word.count("下")


def week(m: re.Match[str], moment: Moment) -> Day | None:
    monday = moment.today - timedelta(days=moment.today.weekday()) + timedelta(days=7 * _shift(m["wk"]))
    if m["wd"] == "末":
        return _pair(monday + timedelta(days=5), monday + timedelta(days=6))
    return exact(monday + timedelta(days=_WEEK_INDEX[m["wd"]])) if m["wd"] else _pair(monday, monday + timedelta(days=6))


def _pair(first: date, last: date) -> Day:
    return Day(f"{first.isoformat()}/{last.isoformat()}")


def weekday(m: re.Match[str], moment: Moment) -> Day | None:
    index = _WEEK_INDEX[m["bwd"]]
    if moment.since:
        return exact(moment.since + timedelta(days=(index - moment.since.weekday()) % 7))
    ahead = (index - moment.today.weekday()) % 7 or 7
    return exact(moment.today + timedelta(days=ahead if moment.future else ahead - 7 if ahead != 7 else -7))


def weekend(m: re.Match[str], moment: Moment) -> Day | None:
    saturday = moment.today - timedelta(days=moment.today.weekday()) + timedelta(days=5 if moment.future or moment.today.weekday() > 5 else -2)
    return _pair(saturday, saturday + timedelta(days=1))


def near(m: re.Match[str], moment: Moment) -> Day | None:
    word = m["relword"]
    if re.match(r"前(?![天日晚])", word):
        return Day(None)
    many = word.count("大")
    days = {"昨": -1, "今": 0, "明": 1, "前": -2 - many, "后": 2 + many}[word[many]]
    part = "晚上" if word[-1] in "晚夜" else "早上" if word[-1] in "早晨" else ""
    return exact(moment.today + timedelta(days=days), part)


def anaphor(m: re.Match[str], moment: Moment) -> Day | None:
    """The same or the next day, where the first one was named."""
    if moment.anchor is None:
        return None
    same = m["back"].startswith(("当", "同"))
    return exact(moment.anchor + timedelta(days=0 if same else 1), "晚上" if m["back"] == "当晚" else "")


def ago(m: re.Match[str], moment: Moment) -> Day | None:
    if "几" in m["an"]:
        return None if m["later"] else Day(None)
    number = {"俩": 2, "仨": 3}.get(m["an"]) or (rough(m["an"]) or (None,))[0]
    if number is None or (m["later"] and not moment.future):
        return None
    number = float(number) + (0.5 if m["ah"] or m["ahalf"] else 0)
    sign, unit = 1 if m["later"] else -1, re.sub(r"[个多来]", "", m["au"])
    if unit in ("小时", "钟头", "分钟", "刻钟"):
        minutes = {"分钟": 1, "刻钟": 15}.get(unit, 60)
        return Day((moment.now + sign * timedelta(minutes=number * minutes)).strftime("%Y-%m-%dT%H:%M"))
    if unit == "年" and number == int(number):
        return Day(str(moment.today.year + sign * int(number))) if number < moment.today.year else None
    if unit in ("月", "年") and number >= 1:
        year, month = shifted(moment.today, sign * int(number * (12 if unit == "年" else 1)))
        return Day(f"{year}-{month:02d}") if year > 0 else None
    days = number * {"月": 30, "年": 365}.get(unit, 7 if unit in ("周", "星期", "礼拜") else 1)
    return exact(moment.today + sign * timedelta(days=int(days))) if days < 40_000 else None
