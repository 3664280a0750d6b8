"""Numbers as Chinese people write them: 四百六, 一千二百五, 1w2, 3千, 两, 半."""
from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {c: n for n, group in enumerate(("零〇0", "一壹幺1", "二贰两2", "三叁3", "四肆4", "五伍5", "六陆6", "七柒7", "八捌8", "九玖9"))
          for c in group}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
CN = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
ARABIC = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,4})?|\d{1,12}(?:\.\d{1,4})?"
# An Arabic number may carry one Chinese magnitude and a trailing digit: 1.2万, 3千, 1w2.
NUMBER = rf"(?:(?:{ARABIC})(?:(?:[百千万亿]|[wk](?![a-z]))\d?)?|[{CN}]{{1,16}}(?:点[零〇一二三四五六七八九]{{1,4}})?)"
_PARTS = re.compile(rf"^({ARABIC})([百千万亿wk]?)(\d?)$")


def parse(text: str) -> Decimal | None:
    """The number that `text` spells, or None. A trailing digit counts a tenth of the unit before it: 四百六 → 460."""
    text = text.strip().replace(" ", "")
    if text == "半":
        return Decimal("0.5")
    if m := _PARTS.match(text):
        value = Decimal(m[1].replace(",", ""))
        unit = UNITS.get(m[2], 1)
        return value * unit + (int(m[3]) * unit // 10 if m[3] else 0)
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None:
        return None
    if fraction:
        return Decimal(f"{value}." + "".join(str(DIGITS[c]) for c in fraction))
    return Decimal(value)


def _whole(text: str) -> int | None:
    if not text or any(c not in DIGITS and c not in UNITS for c in text):
        return None
    if all(c in DIGITS for c in text):                       # 二〇二六, 幺二三: digit by digit
        return int("".join(str(DIGITS[c]) for c in text))
    total = section = 0
    digit, unit = None, 1
    for char in text:
        if char in DIGITS:
            zero_before = digit == 0
            digit = DIGITS[char]
            if zero_before:
                unit = 10                                    # 一百零五: the 五 is not 五十
        elif UNITS[char] >= 10_000:
            total = (total + section + (digit or 0) or 1) * UNITS[char]
            section, digit, unit = 0, None, UNITS[char]
        else:
            unit = UNITS[char]
            section += (1 if digit is None or digit == 0 else digit) * unit
            digit = None
    if digit is None:
        return total + section
    return total + section + (digit * unit // 10 if unit >= 100 and text[-2] not in "零〇" else digit)
