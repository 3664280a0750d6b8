"""Numbers as Chinese people write and say them: 四百六, 一千二百五, 1w2, 3万4千, 两, 半, 三五百, 十七八."""
from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {c: n for n, group in enumerate(("零〇0", "一壹幺1", "二贰两2", "三叁3", "四肆4", "五伍5", "六陆6", "七柒7", "八捌8", "九玖9"))
          for c in group}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
CN = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_PLAIN = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,4})?|\d{1,12}(?:\.\d{1,4})?"
# An Arabic number may carry Chinese magnitudes and a trailing digit: 1.2万, 3千, 1w2, 3万4千, 10万亿.
ARABIC = rf"(?:{_PLAIN})(?:(?:[百千]?[万亿]{{1,2}}|[百千]|[wk](?![a-z]))(?:零?\d{{1,4}}[百千]|零?\d{{1,4}}){{0,3}})?"
NUMBER = rf"(?:{ARABIC}|[{CN}]{{1,16}}(?:点[零〇一二三四五六七八九]{{1,4}})?)"
_STEP = re.compile(rf"(零?)({_PLAIN})([百千]?[万亿]{{1,2}}|[百千wk]|)")
_WORDS = re.compile(rf"[{CN}幺]+")
# 三四 is three or four; 三五百, 十七八 likewise: the second digit only says that the first is rough.
_ROUGH = re.compile(r"([一二两三四五六七八])([二三四五六七八九])(?=[十百千万]|$)")


def parse(text: str) -> Decimal | None:
    """The number that `text` spells, or None. A trailing digit counts a tenth of the unit before it: 四百六 → 460."""
    text = text.strip().replace(" ", "")
    if text == "半":
        return Decimal("0.5")
    if text[:1].isascii() and text[:1].isdigit():
        return _arabic(text)
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None:
        return None
    if fraction:
        return Decimal(f"{value}." + "".join(str(DIGITS[c]) for c in fraction)) if all(c in DIGITS for c in fraction) else None
    return Decimal(value)


def rough(text: str) -> tuple[Decimal, bool] | None:
    """(number, is it approximate?): 三四 → 3, 三五百 → 300, 十七八 → 17; the lower bound counts."""
    text = text.strip().replace(" ", "")
    digits_only = len(text) > 2 and all(c in DIGITS for c in text)
    short = text if digits_only else _ROUGH.sub(lambda m: m[1] if DIGITS[m[2]] - DIGITS[m[1]] == 1 or m[0] == "三五" else m[0], text[:16])
    value = parse(short)
    return None if value is None else (value, short != text)


def _arabic(text: str) -> Decimal | None:
    """1.2万, 3千, 1w2, 3万4千, 1千零20."""
    total, last, place = Decimal(0), 1, 0
    while place < len(text):
        m = _STEP.match(text, place)
        if m is None or (place and last == 1):
            return None
        number, unit = Decimal(m[2].replace(",", "")), magnitude(m[3])
        if place and not m[3] and len(m[2]) == 1 and not m[1]:
            unit = last // 10
        total, last, place = total + number * unit, unit, m.end()
    return total


def magnitude(units: str) -> int:
    """万 → 10,000, 千万 → 10,000,000; 1 for none."""
    value = 1
    for unit in units:
        value *= UNITS[unit]
    return value


def _whole(text: str) -> int | None:
    if not _WORDS.fullmatch(text):
        return None
    if all(c in DIGITS for c in text):                       # 二〇二六, 幺二三: digit by digit
        return int("".join(str(DIGITS[c]) for c in text))
    high = low = section = 0                                 # above 亿, below 亿, below 万
    digit: int | None = None
    unit = 1
    for char in text:
        if char in DIGITS:
            if digit:
                return None                                  # 二五八万 spells no number
            unit = 10 if digit == 0 else unit                # 一百零五: the 五 is not 五十
            digit = DIGITS[char]
        elif UNITS[char] < 10_000:
            unit = UNITS[char]
            section += (digit or 1) * unit
            digit = None
        else:
            section, digit, unit = section + (digit or 0), None, UNITS[char]
            if unit == 10_000:
                low = (section * unit) if section or not low else low * unit
                low = low or unit
            else:
                high, low = (high + low + section or 1) * unit, 0
            section = 0
    if digit is None:
        return high + low + section
    return high + low + section + (digit * unit // 10 if unit >= 100 and text[-2] not in "零〇" else digit)
