"""Days that people name instead of dating them."""
from __future__ import annotations

from datetime import date, timedelta

from bot.nlu import lunar

_FIXED = {"双十一": (11, 11), "双11": (11, 11), "11.11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "12.12": (12, 12), "六一八": (6, 18), "618": (6, 18),
          "6.18": (6, 18), "光棍节": (11, 11), "元旦": (1, 1), "阳历年": (1, 1), "情人节": (2, 14), "三八节": (3, 8), "三八妇女节": (3, 8), "妇女节": (3, 8), "女神节": (3, 8),
          "植树节": (3, 12), "三一五": (3, 15), "愚人节": (4, 1), "五一": (5, 1), "劳动节": (5, 1), "五四青年节": (5, 4), "六一": (6, 1), "儿童节": (6, 1),
          "建军节": (8, 1), "教师节": (9, 10), "十一": (10, 1), "国庆": (10, 1), "万圣节": (10, 31), "平安夜": (12, 24), "圣诞": (12, 25), "跨年夜": (12, 31)}
_LUNAR = {"春节": (1, 1), "大年初一": (1, 1), "过年": (1, 1), "元宵": (1, 15), "龙抬头": (2, 2), "端午": (5, 5), "七夕": (7, 7), "中元": (7, 15), "中秋": (8, 15),
          "重阳": (9, 9), "腊八": (12, 8), "小年": (12, 23)}
_EVES = ("除夕", "大年三十", "年三十")
_NTH_SUNDAY = {"母亲节": (5, 2), "父亲节": (6, 3)}
_TERMS = {"清明": (4, 4.81), "夏至": (6, 21.37), "冬至": (12, 21.94)}                          # month, constant of the solar term in this century
_NAMES = [*_FIXED, *_LUNAR, *_EVES, *_NTH_SUNDAY, *_TERMS]
_IN_CONTEXT = ("十一", "五一", "六一", "618", "6.18", "11.11", "12.12", "小年", "过年")         # numbers and plain words as well: only where the sentence shows the day
FESTIVALS = sorted((n for n in _NAMES if n not in _IN_CONTEXT), key=len, reverse=True)
NUMBERED = sorted(_IN_CONTEXT, key=len, reverse=True)


def festival_date(name: str, today: date, future: bool = False) -> date | None:
    """The nearest past (or coming) day of that name; None when the year is beyond the almanac."""
    for year in ((today.year - 1, today.year, today.year + 1) if future else (today.year, today.year - 1)):
        found = in_year(name, year)
        if found and ((found >= today) if future else (found <= today)):
            return found
    return None


def in_year(name: str, year: int) -> date | None:
    """That day in the given year (a lunar one for New Year's Eve: the eve that ends it)."""
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _LUNAR:
        return lunar.solar(year, *_LUNAR[name])
    if name in _EVES:
        first = lunar.solar(year + 1, 1, 1)
        return first - timedelta(days=1) if first else None
    if name in _NTH_SUNDAY:
        month, nth = _NTH_SUNDAY[name]
        first = date(year, month, 1)
        return first + timedelta(days=6 - first.weekday() + 7 * (nth - 1))
    month, constant = _TERMS[name]
    return date(year, month, int(year % 100 * 0.2422 + constant) - year % 100 // 4)
