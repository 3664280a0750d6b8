"""Dates, clock times and durations in Chinese, read against a `now` in Asia/Shanghai.

A day without a clock is a date; a day-part alone does not invent a time; a date without a year is the nearest past one
(the nearest coming one where the customer speaks of the future); a known year or month alone stays partial.
"""
from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Iterator

from bot.nlu.festivals import FESTIVALS, festival_date
from bot.nlu.numerals import CN, parse
from bot.nlu.span import Span

_N = rf"(?:\d{{1,4}}|[{CN}]{{1,5}})"
_D2 = r"(?:[0-3]?\d|[一二三四五六七八九十]{1,3}|廿[一二三四五六七八九]?)"
_PART = "凌晨|清晨|清早|大清早|一大早|早上|早晨|今早|上午|中午|正午|晌午|下午|傍晚|晚上|夜里|夜间|半夜|深夜|午夜|大晚上|夜晚|晚间|大半夜"
_WEEKDAY = "(?:周|星期|礼拜|週)"
_DATE = "|".join((
    rf"(?P<iso>(?:20|19)\d{{2}}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d))",
    rf"(?P<ymd>(?P<y>(?:20|19)?\d{{2}}|[一二][零〇九][{CN}]{{2}}|去|今|前|明|当)年(?:的)?(?:(?P<ym>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:的)?(?P<yd>{_D2}(?=[日号])[日号])?(?P<ythird>初|上旬|中旬|下旬|底|末)?)?)",
    rf"(?P<md>(?<![\d{CN}])(?P<mm>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?P<dd>{_D2})[日号]?(?![\d个月]))",
    r"(?P<dot>(?<![\d.])(?P<dm>1[0-2]|0?[1-9])\.(?P<dotd>3[01]|[12]\d|0?[1-9])[日号])",
    rf"(?P<mthird>(?<![\d{CN}])(?P<tm>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?P<third>初|上旬|中旬|下旬|底|末|头))",
    rf"(?P<month>(?<![\d{CN}个])(?P<om>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![\d{CN}]|饼|亮|球|子|租|卡|费|底|付|供))",
    rf"(?P<rmonth>(?P<rm>(?:上)+个?月|(?:这|本|当)个?月|(?:下)+个?月)(?:的)?(?:(?P<rd>{_D2})[日号])?(?P<rthird>初|上旬|中旬|下旬|底|末)?)",
    rf"(?P<week>(?P<wk>(?:上)+个?|(?:这|本)个?|(?:下)+个?){_WEEKDAY}(?P<wd>[一二三四五六日天末1-7])(?![天个周]|至))",
    rf"(?P<wk0>(?:(?:上)+个?|(?:这|本)个?|(?:下)+个?){_WEEKDAY}(?![一二三四五六日天末1-7]))",
    rf"(?P<bareweek>(?<![一二两三四五六七八九十\d个每半几]){_WEEKDAY}(?P<bwd>[一二三四五六日天末])(?![天个周]))",
    r"(?P<rel>大前天|前天|昨天|昨日|昨儿个?|今天|今日|今儿个?|今早|今晚|昨晚|昨夜|前晚|前几天|明天|明日|明儿个?|明早|明晚|后天|大后天|当天|当晚|当日|前两天|前一天|前阵子|前段时间|昨天夜里|昨早)",
    rf"(?P<ago>(?P<an>{_N}|半|几)(?P<au>个多?月|个多?星期|个多?礼拜|天|日|周|星期|礼拜|年|个?小时|个?钟头|分钟)多?(?:以前|之前|前(?![面台后头])|(?P<later>以后|之后|后(?![面台头续来悔果])|内)))",
    rf"(?P<day>(?<![\d{CN}月.#第])(?P<od>{_D2})(?:号(?![线楼店桌机柜库院房门仓厅码航梯位卡窗台师])|日(?![本子内常期报用游])))",
    "(?P<fest>" + "|".join(map(re.escape, FESTIVALS)) + r")(?:那天|当天|节|晚上|当晚|前后|期间|那会儿|的时候)?",
    r"(?P<weekend>(?:上个?|这个?|本|下个?)?周末)",
))
_CLOCK = (rf"(?P<part>{_PART})?(?:的|大概|大约|差不多|,)?\s*(?P<h>2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
          rf"(?:(?:点钟?|时(?![间候代常段不光装限])|點)(?!击|名|外|餐|开|赞|歌|单|评|进|滴|[一二三四五]?[儿小]?(?:毛病|问题|意思))(?:(?P<mi>[0-5]?\d|[{CN}]{{1,3}})分?(?!钟|之)|(?P<half>半)|(?P<quarter>[一三])刻|整|多|来钟|左右)?|[:：](?P<mi2>[0-5]\d)(?::[0-5]\d)?)")
_TIME = re.compile(rf"(?:{_DATE})(?:的|[那]天|当天|,|，| )?(?:{_CLOCK}|(?P<justpart>{_PART}))?(?P<after>以后|之后|以前|之前|左右|前后)?", re.S)
_CLOCK_ONLY = re.compile(rf"(?<![\d.:{CN}第]){_CLOCK}(?P<after2>以后|之后|以前|之前|左右)?")
_PART_ONLY = re.compile(rf"(?<![一整半])(?<![一整半][天个])(?:{_PART})(?![好安饭餐高自习报班市场])")
_YEAR_ONLY = re.compile(r"(?<!\d)(?P<y>(?:20|19)\d{2})年?(?=买|办|开|入|装|的时候|就)")
_DURATION = re.compile(
    rf"(?<![\d{CN}第.:每前])(?P<n>\d{{1,4}}(?:\.\d)?|[{CN}]{{1,5}}|半|好几|几|俩|仨|大半)(?P<ge>个)?(?P<mid>多|来|几)?(?P<u>工作日|自然日|个?月|星期|礼拜|周(?![{CN}末边围]|[一二三四五六日])|天(?![气然花猫线亮津上下])|日(?=内|无|之)|年(?![级代会货轻费卡度末底货])|小时|钟头|分钟|秒钟?|宿|夜(?=[没都])|整天|季度|学期|分(?=钟))(?P<half>半)?(?!前[^台]|以前|之前|号)")
_UNITS = {"工作日": "D", "自然日": "D", "天": "D", "日": "D", "宿": "D", "夜": "D", "整天": "D", "周": "W", "星期": "W", "礼拜": "W", "月": "M", "个月": "M", "季度": "Q",
          "学期": "S", "年": "Y", "小时": "TH", "钟头": "TH", "分钟": "TM", "分": "TM", "秒": "TS", "秒钟": "TS"}
_WEEK_INDEX = {c: n for n, c in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5} | {str(n): n - 1 for n in range(1, 8)}
_RELATIVE = {"大前天": -3, "前天": -2, "前晚": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后天": 2, "大后天": 3}
_FUTURE = re.compile(r"打给我|联系我|回电|打我|再打|有空|方便|来电|来取|之前给|以后打|后打|能不能|上门|给我答复|回复我")


def find(text: str, now: datetime, *, future: bool = False) -> Iterator[Span]:
    """Times, then durations, of the folded `text`. `future`: the customer speaks of when to be called."""
    future = future or bool(_FUTURE.search(text))
    taken: list[tuple[int, int]] = []
    for m in _TIME.finditer(text):
        span = _dated(m, now, future, text)
        if span:
            taken.append((span.start, span.end))
            yield span
    for m in _CLOCK_ONLY.finditer(text):
        if _free(m.span(), taken) and _plausible_clock(m, text):
            clock = _clock(m)
            if clock:
                taken.append(m.span())
                yield Span("time", m.start(), m.end(), f"{now.date().isoformat()}T{clock[0]:02d}:{clock[1]:02d}", 0.9)
    for m in _DURATION.finditer(text):
        if _free(m.span(), taken) and (value := _duration(m)):
            extra = {"approx": True} if m["mid"] in ("多", "几") else {}
            if m["u"] == "工作日":
                extra["working"] = True
            taken.append(m.span())
            yield Span("duration", m.start(), m.end(), value, 0.95, extra=extra)
    for m in _PART_ONLY.finditer(text):
        if _free(m.span(), taken):
            yield Span("time", m.start(), m.end(), now.date().isoformat(), 0.6)
    for m in _YEAR_ONLY.finditer(text):
        if _free(m.span(), taken):
            yield Span("time", m.start(), m.end(), m["y"], 0.7)


def _free(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return all(span[1] <= a or span[0] >= b for a, b in taken)


def _dated(m: re.Match[str], now: datetime, future: bool, text: str) -> Span | None:
    if m["fest"] and not m["h"] and text[m.end():m.end() + 1] in ("商", "大", "会"):
        return None
    found = _date(m, now, future)
    if found is None:
        return None
    value, exact = found
    end = _end(m)
    if m["h"] and exact:
        clock = _clock(m)
        if clock:
            day = date.fromisoformat(value) + timedelta(days=clock[2])
            value = f"{day.isoformat()}T{clock[0]:02d}:{clock[1]:02d}"
    return Span("time", m.start(), end, value or None, 0.95)


def _end(m: re.Match[str]) -> int:
    """Leave a dangling 的 or comma outside the span."""
    end = m.end()
    while end > m.start() and m.string[end - 1] in "的,， ":
        end -= 1
    return end


def _date(m: re.Match[str], now: datetime, future: bool) -> tuple[str, bool] | None:
    """(ISO date or partial or '', whole day known?) of the date part; None when it is no date."""
    today = now.date()
    if m["iso"]:
        return _iso(*map(int, re.split(r"[-/.]", m["iso"])))
    if m["ymd"]:
        return _year_month_day(m, today)
    if m["md"] or m["dot"]:
        month, day = _int(m["mm"] or m["dm"]), _int(m["dd"] or m["dotd"])
        return _nearest(today, month, day, future)
    if m["mthird"] or m["month"]:
        month = _int(m["tm"] or m["om"])
        if not month or month > 12:
            return None
        year = today.year - (month > today.month and not future)
        return f"{year}-{month:02d}", False
    if m["rmonth"]:
        return _relative_month(m, today)
    if m["week"]:
        return _iso_of(_monday(today) + timedelta(days=7 * _shift(m["wk"]) + _WEEK_INDEX[m["wd"]]))
    if m["wk0"]:
        monday = _monday(today) + timedelta(days=7 * _shift(m["wk0"]))
        return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}", False
    if m["bareweek"]:
        index = _WEEK_INDEX[m["bwd"]]
        back = (today.weekday() - index) % 7 or 7
        return _iso_of(today - timedelta(days=back) if not future else today + timedelta(days=(index - today.weekday()) % 7 or 7))
    if m["rel"]:
        return _relative_day(m["rel"], today)
    if m["ago"]:
        return _ago(m, now)
    if m["day"]:
        return _day_of_month(today, _int(m["od"]), future)
    if m["fest"]:
        found = festival_date(m["fest"], today, future)
        return _iso_of(found) if found else ("", False)
    if m["weekend"]:
        saturday = _monday(today) + timedelta(days=5)
        shift = -7 if "上" in m["weekend"] or (m["weekend"] == "周末" and not future) else 7 if "下" in m["weekend"] else 0
        saturday += timedelta(days=shift)
        return f"{saturday.isoformat()}/{(saturday + timedelta(days=1)).isoformat()}", False
    return None


def _iso(year: int, month: int, day: int) -> tuple[str, bool] | None:
    try:
        return date(year, month, day).isoformat(), True
    except ValueError:
        return None


def _iso_of(day: date) -> tuple[str, bool]:
    return day.isoformat(), True


def _int(text: str | None) -> int:
    if not text:
        return 0
    value = parse(text.replace("廿", "二十"))
    return int(value) if value is not None else 0


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _shift(word: str) -> int:
    return -word.count("上") or word.count("下")


def _nearest(today: date, month: int, day: int, future: bool) -> tuple[str, bool] | None:
    for year in ((today.year, today.year + 1) if future else (today.year, today.year - 1, today.year - 2)):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (found >= today) if future else (found <= today):
            return _iso_of(found)
    return None


def _year(word: str, today: date) -> int:
    if word in "去今前明当":
        return today.year + {"去": -1, "前": -2, "明": 1}.get(word, 0)
    value = _int(word)
    return value + 2000 if value < 100 else value


def _year_month_day(m: re.Match[str], today: date) -> tuple[str, bool] | None:
    year, month, day = _year(m["y"], today), _int(m["ym"]), _int(m["yd"].rstrip("日号") if m["yd"] else None)
    if day:
        return _iso(year, month, day)
    return (f"{year}-{month:02d}" if month else str(year)), False


def _relative_month(m: re.Match[str], today: date) -> tuple[str, bool] | None:
    number = today.year * 12 + today.month - 1 + _shift(m["rm"])
    year, month = divmod(number, 12)
    day = _int(m["rd"])
    if day:
        return _iso(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))
    return f"{year}-{month + 1:02d}", False


def _relative_day(word: str, today: date) -> tuple[str, bool] | None:
    if word in ("前几天", "前两天", "前阵子", "前段时间"):
        return "", False
    if word == "前一天":
        return _iso_of(today - timedelta(days=1))
    key = max((k for k in _RELATIVE if word.startswith(k)), key=len)
    return _iso_of(today + timedelta(days=_RELATIVE[key]))


def _ago(m: re.Match[str], now: datetime) -> tuple[str, bool] | None:
    if m["an"] == "几":
        return "", False
    n, sign = parse(m["an"]), 1 if m["later"] else -1
    if n is None or (m["later"] and "内" in m["later"]):
        return None
    unit = m["au"].replace("多", "").lstrip("个")
    if unit in ("小时", "钟头", "分钟"):
        moment = now + sign * timedelta(minutes=int(n * (1 if unit == "分钟" else 60)))
        return moment.strftime("%Y-%m-%dT%H:%M"), False
    if unit == "月" or unit == "年":
        months = int(n * (1 if unit == "月" else 12)) or 0
        year, month = divmod(now.year * 12 + now.month - 1 + sign * months, 12)
        return _iso(year, month + 1, min(now.day, calendar.monthrange(year, month + 1)[1]))
    days = int(n * (7 if unit in ("周", "星期", "礼拜") else 1))
    return _iso_of(now.date() + sign * timedelta(days=days))


def _day_of_month(today: date, day: int, future: bool) -> tuple[str, bool] | None:
    if not 1 <= day <= 31:
        return None
    year, month = today.year, today.month
    for _ in range(3):
        try:
            found = date(year, month, day)
            if (found >= today) if future else (found <= today):
                return _iso_of(found)
        except ValueError:
            pass
        month += 1 if future else -1
        year, month = (year + (month > 12), 1) if month > 12 else (year - 1, 12) if month < 1 else (year, month)
    return None


def _clock(m: re.Match[str]) -> tuple[int, int, int] | None:
    """(hour, minute, days to add) with the day-part applied; None when impossible."""
    hour = _int(m["h"])
    minute = 30 if m["half"] else 15 * _int(m["quarter"]) if m["quarter"] else _int(m["mi"] or m["mi2"])
    part = m["part"] or ""
    rel = m.groupdict().get("rel") or ""
    late = any(w in part for w in ("下午", "晚", "傍晚", "夜里", "夜间")) or rel.endswith(("晚", "夜"))
    if late and hour < 12 and not (hour < 6 and ("夜" in part or "晚" in part)):
        hour += 12
    if part in ("中午", "正午", "晌午") and hour < 4:
        hour += 12
    days, hour = divmod(hour, 24)
    return (hour, minute, days) if minute < 60 else None


def _plausible_clock(m: re.Match[str], text: str) -> bool:
    """三点 may be three reasons: a bare hour needs a day-part, minutes, or an after/before."""
    if m["part"] or m["mi2"] or m["half"] or m["quarter"] or m["after2"] or m["mi"]:
        return not re.match(r"(?:版本|比分)", text[max(0, m.start() - 2):m.start()])
    return bool(re.search(r"(?:约|到|从|等|至|说|今天|明天)(?:了|的|好|在)?$", text[max(0, m.start() - 3):m.start()])) or bool(re.match(r"(?:到|就|才|来|打|的时候|开始|左右|钟)", text[m.end():m.end() + 3]))


def _duration(m: re.Match[str]) -> str | None:
    number = {"俩": Decimal(2), "仨": Decimal(3)}.get(m["n"]) or parse(m["n"])
    unit = _UNITS.get(m["u"].lstrip("个") if m["u"] != "个月" else "个月")
    if unit is None or number is None:
        return None
    if unit == "M" and not m["ge"] and m["u"] == "月" and m["n"] not in ("俩", "仨"):
        return None                                          # 五月 is a month's name
    if unit == "Y" and number > 1000:
        return None
    if m["half"]:
        number += Decimal("0.5")
    return iso_duration(number, unit)


def iso_duration(n: Decimal, unit: str) -> str:
    """P7D, PT36H, P1M: halves are spelled in the next smaller unit."""
    if unit == "W":
        n, unit = n * 7, "D"
    if unit in "QS":
        n, unit = n * (3 if unit == "Q" else 6), "M"
    whole = n == int(n)
    if unit == "Y" and not whole:
        n, unit = n * 12, "M"
    elif unit == "M" and not whole:
        n, unit = n * 30, "D"
    elif unit == "D" and not whole:
        n, unit = n * 24, "TH"
    elif unit == "TH" and not whole:
        n, unit = n * 60, "TM"
    number = format(int(n) if n == int(n) else n.normalize(), "d" if n == int(n) else "f")
    return f"PT{number}{unit[1]}" if unit.startswith("T") else f"P{number}{unit}"
