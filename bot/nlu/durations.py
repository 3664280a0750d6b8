"""How long: 三天, 两个半月, 8天20小时, 三四个礼拜. Rules, rates and idioms (7天无理由, 一天八十块, 三天两头) are no durations."""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator

from bot.nlu.numerals import CN, rough
from bot.nlu.span import Span

_UNIT = (r"(?:工作日|自然日|交易日)|天整|整天|天(?![气然花猫线亮津上下生使才真敌赋地平涯])|日(?=内|无|之|后|未|仍|还)|(?:星期|礼拜)(?![一二三四五六日天])|周(?![末边围年岁]|[一二三四五六日天](?![天个周月年])|转)|"
         r"月(?![份饼卡租供费亮球底初子])|年(?![级代会货轻费卡度末底初华糕龄纪]|的?老)|(?:小时|钟头)(?!工)|分钟|刻钟|秒钟?|季度|学期|分(?=钟)")
_NUMBER = rf"\d{{1,5}}(?:\.\d)?|[{CN}]{{1,6}}|半|俩|仨"
_ONE = re.compile(rf"(?P<n>{_NUMBER})(?P<ge>个)?(?P<half1>半)?(?P<more1>多|来|几)?(?P<ge2>个)?\s?(?P<u>{_UNIT})(?P<half>半)?(?P<more>多(?![少次远久长大]))?")
_REST = re.compile(r"(?P<n>[0-5]?\d|零?[一二三四五六七八九十]{1,3})(?P<u>分)(?P<ge>)(?P<half1>)(?P<ge2>)(?P<half>)(?P<more>)(?P<more1>)")   # the minutes of 1小时52分
_START = re.compile(rf"(?<![{CN}第每前初幺老同那这哪某头])(?<!\d[.:])(?:(?<!\d)|(?![\d百千万亿]))(?![零〇])(?=(?:大|小)?(?:{_NUMBER})个?半?[多来几]?个?\s?(?:{_UNIT}))(?P<rough>大|小)?")
_FROM = re.compile(rf"(?P<n>{_NUMBER})个?[月天年周日]?\s?(?:到|至|[-~—–]{{1,2}})\s?$")
_SOME = re.compile(r"(?<![一-龥])?个把(?P<u>月|星期|礼拜|小时|钟头)")
_LINK = re.compile(r"\s?(?:又|零|余|加)?\s?")
_UNITS = {"工作日": ("D", 1), "自然日": ("D", 1), "交易日": ("D", 1), "天": ("D", 1), "天整": ("D", 1), "整天": ("D", 1), "日": ("D", 1), "周": ("D", 7), "星期": ("D", 7), "礼拜": ("D", 7),
          "月": ("M", 1), "季度": ("M", 3), "学期": ("M", 6), "年": ("Y", 1), "小时": ("TH", 1), "钟头": ("TH", 1), "分钟": ("TM", 1), "分": ("TM", 1), "刻钟": ("TM", 15),
          "秒": ("TS", 1), "秒钟": ("TS", 1)}
_ORDER = ("Y", "M", "D", "TH", "TM", "TS")
_SMALLER = {"Y": ("M", 12), "M": ("D", 30), "D": ("TH", 24), "TH": ("TM", 60), "TM": ("TS", 60)}
# What follows names a rule, a service, a rate or a habit, not a stretch of time that passed.
_NOT_AFTER = re.compile(r"\s?(?:无理由|内?无条件|包退|包换|两头|一个价|天天|到晚|到头|四季|之计|一度|三餐|五载|八个|热度|多少钱|老(?:店|客|顾|用户|粉|会员|员工|牌)|"
                        r"(?:的)?(?:工龄|教龄|驾龄|党龄|交情|老(?:客户|顾客|用户|会员))|(?:自动|无人)?(?:客服|热线|便利|营业|在线|服务|开锁|热水|值班|监控)|制|限时|免费试|会员|卡(?!住|在|了)|以上|以下|未满|的孩子|大的)")
_RULE_BEFORE = re.compile(r"(?:[七7][*x×]|未满|每隔?|第|工龄|质疑)$")
# 一天八十块, 一年打几个电话: a rate, unless the time is said to have passed.
_RATE = re.compile(r"(?:就|要|给|收|扣|交|能|得|才|坑|烧|打|跑|吃|花|赚|挣|只|也就|租金|房租|还|工资|利息|[一-龥]{0,2})?[^,。!?;\d]{0,2}?(?:多少|几(?:[个次块百千]|十)|[\d一二两三四五六七八九十百千.]{1,8}(?:多|来)?(?:[万块元毛次遍趟百千]|个(?!月|小|星|礼)|通|$|[,。!?]|照[扣付收]))")
_PASSED = re.compile(r"(?:了|过|用|等|拖|住|学|又|近|快|都|整|再|已|已经|超过|至少|足足|有|没|差|晚|早|迟|戴|穿|开|放|停|满|约|在)$")
_GONE = re.compile(r"(?:了|都|没|还|也|过|不|内|之)")


def find(text: str) -> Iterator[Span]:
    """Durations of the folded `text`, left to right."""
    place = 0
    for start in _START.finditer(text):
        if start.start() < place:
            continue
        span = _from(text, start)
        if span:
            place = span.end
            yield span
    for m in _SOME.finditer(text):
        yield Span("duration", m.start(), m.end(), iso(Decimal(1), *_UNITS[m["u"]]), 0.8, extra={"approx": True})


def _from(text: str, start: re.Match[str]) -> Span | None:
    parts: list[tuple[Decimal, str]] = []
    about, working, place = bool(start["rough"]), False, start.end()
    while (m := _ONE.match(text, place) or (_REST.match(text, place) if parts and parts[-1][1] == "TH" else None)) and (part := _part(m)):
        if parts and _ORDER.index(part[1]) <= max(_ORDER.index(u) for _, u in parts) and part[1] != "M":
            break
        parts.append(part)
        about = about or bool(m["more"] or m["more1"]) or (rough(m["n"]) or (0, False))[1]
        working = working or m["u"].endswith(("工作日", "交易日"))
        end = m.end()
        place = _LINK.match(text, end).end()
    lower = _FROM.search(text, max(0, start.start() - 9), start.start())
    if parts and lower and (number := rough(lower["n"])) and number[0] < parts[0][0]:
        return Span("duration", lower.start(), end, iso(number[0], parts[0][1]), 0.95, extra={"approx": True} | ({"working": True} if working else {}))
    if not parts or not _is_told(text, start.start(), end, parts):
        return None
    extra = {"approx": True} if about else {}
    return Span("duration", start.start(), end, _joined(parts), 0.95, extra=extra | ({"working": True} if working else {}))


def _part(m: re.Match[str]) -> tuple[Decimal, str] | None:
    """(number, ISO unit) of one member such as 两个半月."""
    unit, times = _UNITS[m["u"]]
    counted = m["ge"] or m["ge2"] or m["half1"] or m["n"] in ("俩", "仨", "半")
    number = {"俩": Decimal(2), "仨": Decimal(3)}.get(m["n"]) or (rough(m["n"]) or (None,))[0]
    if number is None or number <= 0 or (unit == "Y" and number > 100) or (m["u"] in ("月", "季度", "学期") and not counted):
        return None                                          # 五月 is a month's name, 一季度 a quarter's
    return (number + (Decimal("0.5") if m["half"] or m["half1"] else 0)) * times, unit


def _is_told(text: str, start: int, end: int, parts: list[tuple[Decimal, str]]) -> bool:
    """Not a rule's name, a rate, an idiom or a life story; seconds alone show a fault, they do not last."""
    number, unit = parts[0]
    before = text[max(0, start - 4):start]
    if _NOT_AFTER.match(text, end) or _RULE_BEFORE.search(before) or (len(parts) == 1 and unit == "TS" and number < 60):
        return False
    if unit == "D" and number == Decimal("0.5") or (text[start:start + 2] == "四周" and re.match("[包都全墙贴的是有没破]", text[end:])):
        return False                                         # 半天 is a while, 四周 all around
    if unit == "Y" and number >= 20 and "保" not in before + text[end:end + 3]:
        return False
    if number == 1 and unit == "D" and len(parts) == 1 and (re.match("(?:都|也)?没", text[end:]) and not _PASSED.search(before) or re.search("没.{1,2}过?$", before)):
        return False                                         # 一天没停过: not once
    if number == 1 and len(parts) == 1 and not _PASSED.search(before) and not _GONE.match(text, end) and _RATE.match(text, end):
        return False
    return True


def _joined(parts: list[tuple[Decimal, str]]) -> str:
    if len(parts) == 1:
        return iso(*parts[0])
    total: dict[str, Decimal] = {}
    for number, unit in parts:
        total[unit] = total.get(unit, Decimal(0)) + number
    day = "".join(f"{_shown(total[u])}{u}" for u in ("Y", "M", "D") if u in total)
    clock = "".join(f"{_shown(total[u])}{u[1]}" for u in ("TH", "TM", "TS") if u in total)
    return f"P{day}" + (f"T{clock}" if clock else "")


def iso(number: Decimal, unit: str, times: int = 1) -> str:
    """P7D, PT36H, P1M: halves are spelled in the next smaller unit."""
    number *= times
    if number != int(number) and unit in _SMALLER:
        unit, factor = _SMALLER[unit]
        number *= factor
    return f"PT{_shown(number)}{unit[1]}" if unit.startswith("T") else f"P{_shown(number)}{unit}"


def _shown(number: Decimal) -> str:
    return str(int(number)) if number == int(number) else format(number.normalize(), "f")
