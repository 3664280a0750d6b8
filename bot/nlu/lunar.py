"""The Chinese lunar calendar, 2000 to 2039, after the published almanac."""
from __future__ import annotations

from datetime import date, timedelta

_FIRST = date(2000, 2, 5)                                    # New Year's Day of the first year below
# Each year: bit 16 says that the leap month is long, bits 15-4 which of the twelve months are long, the last digit which month is followed by a leap one.
_YEARS = (
    0x0C960, 0x0D954, 0x0D4A0, 0x0DA50, 0x07552, 0x056A0, 0x0ABB7, 0x025D0, 0x092D0, 0x0CAB5, 0x0A950, 0x0B4A0, 0x0BAA4, 0x0AD50,
    0x055D9, 0x04BA0, 0x0A5B0, 0x15176, 0x052B0, 0x0A930, 0x07954, 0x06AA0, 0x0AD50, 0x05B52, 0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260,
    0x0EA65, 0x0D530, 0x05AA0, 0x076A3, 0x096D0, 0x04AFB, 0x04AD0, 0x0A4D0, 0x1D0B6, 0x0D250, 0x0D520, 0x0DD45)
_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def month_number(word: str) -> int:
    """正 → 1, 腊 → 12; 0 when it is an ordinary number."""
    return _MONTHS.get(word, 0)


def solar(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a lunar one (the ordinary month, where a leap one follows); None outside the table."""
    if not (2000 <= year < 2000 + len(_YEARS) and 1 <= month <= 12 and 1 <= day <= _length(_YEARS[year - 2000], month)):
        return None
    days = sum(_year_length(code) for code in _YEARS[:year - 2000])
    code = _YEARS[year - 2000]
    days += sum(_length(code, m) + (_leap_length(code) if code & 15 == m else 0) for m in range(1, month))
    return _FIRST + timedelta(days=days + day - 1)


def _length(code: int, month: int) -> int:
    return 30 if code >> (16 - month) & 1 else 29


def _leap_length(code: int) -> int:
    return (30 if code >> 16 else 29) if code & 15 else 0


def _year_length(code: int) -> int:
    return sum(_length(code, m) for m in range(1, 13)) + _leap_length(code)
