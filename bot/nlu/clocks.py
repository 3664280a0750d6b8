"""Clock times: 晚上八点半, 19:30, 三点一刻, 下午两点到四点. A bare hour is a time only where it cannot be a list of three points."""
from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlu.numerals import rough

PART = ("凌晨|清晨|大清早|清早|一大早|一早|大早上|早上|早晨|早间|上午|中午|正午|晌午|午间|下午|午后|傍晚|大晚上|晚上|夜晚|晚间|夜里|夜间|"
        "大半夜|后半夜|前半夜|下半夜|上半夜|三更半夜|深更半夜|半夜|深夜|午夜")
_HOUR = r"2[0-4]|1\d|0?\d|[一二两三四五六七八九][二三四五六七八九](?=点)|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九]"
_MINUTE = r"[零〇][一二三四五六七八九\d]|[二三四五]?十[一二三四五六七八九]?|[0-5]\d|\d(?=分)|[一二三四五六七八九](?=分)"
_NO_HOUR = r"(?!击|名|外|餐|开|赞|歌|评|进|滴|心|子|数|位|卡|都不|也不|[一二三四五]?[儿小]?(?:毛病|问题|意思)|[意要建诉疑]|原因)"
CLOCK = (rf"(?:(?P<part>{PART}|(?<![最更太还])[早晚](?=\d|[一二两三四五六七八九十]))(?:的|大概|大约|差不多|将近|快|约|,)?\s?)?(?P<h>{_HOUR})"
         rf"(?:(?:\s?(?:到|至|[-~—–]{{1,2}})(?P<to>{_HOUR})(?=点))?(?P<word>点钟|点|时(?![间候代常段不光装限而有髦效尚差刻]))(?:(?P<half>半)(?!会|刻)|(?P<quarter>[一三13])刻钟?|(?P<mi>{_MINUTE})(?:分(?![钟之])(?:\d{{1,2}}秒)?)?|{_NO_HOUR}(?(part)|(?![零一二三四五六七八九](?!十|分))))"
         rf"(?P<about>整|多|来钟|左右|许)?|:(?P<mi2>[0-5]\d)(?::[0-5]\d)?(?:点|时)?(?:\s?(?P<pm>[ap])\.?m\.?)?)")
_CLOCK = re.compile(CLOCK)
_ALONE = re.compile(rf"(?<![\d.:一二两三四五六七八九十百千万零第/比]){CLOCK}(?P<after>(?:以|之)[后前]|前(?=[要给到必])|左右)?")
_LINK = re.compile(r"\s?(?:到|至|[-~—–]{1,2})\s?")
_EARLY = ("凌晨", "清晨", "清早", "早", "上午", "后半夜", "下半夜")
_SAID_BEFORE = re.compile(r"(?:约|到|从|自|等|至|是|说|在|过|才|刚|都|快|于|天|日|号|差不多|[周期拜][一二三四五六日天])(?:了|的|好|在|定)?,?$")
_SAID_AFTER = re.compile(r"到|就|才|来|打|的时候|开始|钟|下班|上班|出|送|去|整|能|还没|之间|以|,?你|可以|行|吧|给|联|有空|关门|开门|起|前|后|多|左右|的(?!意|要|问|建)")
_DAILY = re.compile(r"每(?:天|日|晚|早|周[一二三四五六日]?)?(?:的)?$")
_LIST = re.compile(r"(?:[这有提下上说列谈讲以几第如]|版本|比分)$")


@dataclass(frozen=True)
class Clock:
    """`day` is 1 where the night runs into the next day; `end` where the words end."""

    hour: int
    minute: int
    day: int
    end: int
    part: str = ""
    to: int | None = None


def at(text: str, place: int, hint: str = "", *, future: bool = False) -> Clock | None:
    """The clock that stands at `place`; `hint` is a part of the day said before."""
    m = _CLOCK.match(text, place)
    return _read(m, hint, future=future) if m and _whole(m) else None


def alone(text: str, *, future: bool = False) -> list[tuple[int, Clock]]:
    """Clocks that may stand without a date: (start, clock)."""
    found = []
    for m in _ALONE.finditer(text):
        if _plausible(m, text) and (clock := _read(m, "", future=future)):
            found.append((m.start(), clock))
    return found


def until(text: str, first: Clock, *, future: bool = False) -> Clock | None:
    """The second clock of a pair: 九点到十一点."""
    if first.to is not None:
        return Clock(first.to % 24, first.minute, first.to // 24, first.end)
    link = _LINK.match(text, first.end)
    second = at(text, link.end(), future=False) if link else None
    if second is None:
        return None
    if not second.part and second.day == 0 and (second.hour, second.minute) < (first.hour, first.minute) and second.hour + 12 <= 24:
        return Clock((second.hour + 12) % 24, second.minute, (second.hour + 12) // 24, second.end)
    return second


def _whole(m: re.Match[str]) -> bool:
    """一点 is mostly a little; it is one o'clock after 下午 or with minutes."""
    return not (m["h"] in ("一", "几") and m["word"] == "点" and not (m["part"] or m["mi"] or m["half"] or m["quarter"]))


def _read(m: re.Match[str], hint: str, *, future: bool) -> Clock | None:
    number = rough(m["h"])
    if number is None:
        return None
    hour = int(number[0])
    spelled = m["mi"] or m["mi2"] or ""
    minute = 30 if m["half"] else 15 * int(rough(m["quarter"])[0]) if m["quarter"] else int(rough(spelled)[0]) if spelled else 0
    part = m["part"] or hint
    to = _by_part(int(rough(m["to"])[0]), part, pm=None, future=future) if m["to"] else None
    days, hour = divmod(_by_part(hour, part, pm=m["pm"], future=future), 24)
    return Clock(hour, minute, days, m.end(), m["part"] or "", to) if minute < 60 and days < 2 else None


def _by_part(hour: int, part: str, *, pm: str | None, future: bool) -> int:
    """The hour of 24, past midnight 24 and more."""
    if pm:
        return hour % 12 + (12 if pm == "p" else 0)
    if part.startswith(_EARLY):
        return hour % 12 if hour == 12 and part == "凌晨" else hour
    if "夜" in part or "晚" in part and part != "傍晚":
        return 24 if hour == 12 else hour + 12 if (6 if "夜" in part else 5) <= hour < 12 else hour
    if part in ("下午", "午后", "傍晚") or (part in ("中午", "正午", "晌午", "午间") and hour < 4):
        return hour + 12 if hour < 12 else hour
    return hour + 12 if future and not part and 1 <= hour <= 6 else hour


def _plausible(m: re.Match[str], text: str) -> bool:
    """三点 may be three reasons: a bare hour needs a part of the day, minutes, or words around that show the time."""
    before, after = text[max(0, m.start() - 4):m.start()], text[m.end():m.end() + 4]
    if not _whole(m) or _DAILY.search(before) or (not m["part"] and _LIST.search(before)):
        return False
    if m["part"] or m["mi2"] or m["half"] or m["quarter"] or m["after"] or m["mi"] or m["about"] in ("来钟", "整"):
        return not (m["mi2"] and after.startswith(("的比分", "战")))
    if m["h"] in ("十", "十一", "十二", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23") and m["word"] == "点":
        return not re.match(r"[几多]|积分", after)
    return bool(m["word"] == "点钟" or _SAID_BEFORE.search(before) or _SAID_AFTER.match(after) or (m.start() == 0 and m.end() == len(text)))
