"""Days that people name instead of dating them. Lunar ones follow the published calendar of each year."""
from __future__ import annotations

from datetime import date

_FIXED = {"双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "六一八": (6, 18), "618": (6, 18), "元旦": (1, 1), "情人节": (2, 14),
          "三八节": (3, 8), "妇女节": (3, 8), "三一五": (3, 15), "清明": (4, 5), "五一": (5, 1), "劳动节": (5, 1), "六一": (6, 1), "儿童节": (6, 1),
          "十一": (10, 1), "国庆": (10, 1), "平安夜": (12, 24), "圣诞": (12, 25), "跨年夜": (12, 31), "教师节": (9, 10)}
# Lunar New Year's Day, Lantern, Dragon Boat, Qixi, Mid-Autumn, Double Ninth by Gregorian year.
_LUNAR = {
    2024: ((2, 10), (2, 24), (6, 10), (8, 10), (9, 17), (10, 11)), 2025: ((1, 29), (2, 12), (5, 31), (8, 29), (10, 6), (10, 29)),
    2026: ((2, 17), (3, 3), (6, 19), (8, 19), (9, 25), (10, 18)), 2027: ((2, 6), (2, 20), (6, 9), (8, 8), (9, 15), (10, 8)),
    2028: ((1, 26), (2, 9), (5, 28), (8, 26), (10, 3), (10, 26))}
_LUNAR_NAMES = {"春节": 0, "大年初一": 0, "过年": 0, "除夕": 0, "年三十": 0, "大年三十": 0, "元宵": 1, "端午": 2, "七夕": 3, "中秋": 4, "重阳": 5}
_NAMES = [*_FIXED, *_LUNAR_NAMES]
FESTIVALS = sorted((n for n in _NAMES if n not in ("十一", "五一", "六一", "618")), key=len, reverse=True) + [
    "十一假期", "十一长假", "十一期间", "十一那天", "五一假期", "五一期间", "五一那天", "六一那天", "618"]


def festival_date(name: str, today: date, future: bool = False) -> date | None:
    """The nearest past (or coming) day of that name; None when the year is beyond the table."""
    key = next((n for n in sorted(_NAMES, key=len, reverse=True) if name.startswith(n)), None)
    if key is None:
        return None
    years = (today.year, today.year + 1) if future else (today.year, today.year - 1)
    for year in years:
        found = _in_year(key, year)
        if found and ((found >= today) if future else (found <= today)):
            return found
    return None


def _in_year(key: str, year: int) -> date | None:
    if key in _FIXED:
        return date(year, *_FIXED[key])
    if year not in _LUNAR:
        return None
    found = date(year, *_LUNAR[year][_LUNAR_NAMES[key]])
    return date.fromordinal(found.toordinal() - 1) if key in ("除夕", "年三十", "大年三十") else found
