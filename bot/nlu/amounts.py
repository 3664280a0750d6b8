"""Money, counts of things, people, and scores."""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator

from bot.nlu.numerals import CN, NUMBER, parse
from bot.nlu.span import Span

_APPROX = r"(?P<more>来|多|几|余)?"
_YUAN = r"(?:元钱?|块钱|块(?![a-z一-龥]|)|块|圆|人民币|rmb|大洋|刀|蚊|w块|万块)"
_MONEY = re.compile(
    rf"[¥￥]\s*(?P<sign>{NUMBER})|"
    rf"(?P<main>{NUMBER})\s*{_APPROX}\s*(?:万|千|百)?(?P<yuan>元钱?|块钱?|圆|人民币|rmb|大洋|蚊)\s*(?P<jiao>[\d一二两三四五六七八九](?:[\d一二三四五六七八九])?(?!\d|[{CN}]{{0,12}}(?:个|斤|天|月|年|次|瓶|箱|件|张|条|点)))?(?P<mao>毛|角)?(?P<fen>[\d一二三四五六七八九]分)?|"
    rf"(?P<small>{NUMBER})(?P<unit>毛钱?|角钱?|分钱)")
# 四百六, 两千, 1.2万, 1w2: a bare sum, unless a measure word or a name follows.
_NOT_MONEY = (r"(?!\s*(?:[个只条瓶箱件双台部套包袋盒张本份斤克升米里吨杯碗盘串对副面辆架顶枚株盆朵次遍回趟人位名户口家岁度瓦兆级层楼号栋室路街天日周年月点分秒小公厘毫平立字页章步线%％折倍成版寸门道秒期届辈类种样声下]|"
              r"mb|gb|kg|ml|m(?![a-z])|g(?![a-z])|兆|块|元|多[个只条瓶箱件人次天年户家公里]|来[个只件人天]|几[个只件人天]|工作日))")
_BARE = re.compile(rf"(?<![{CN}\d.a-z第])(?P<bare>(?:[一二两三四五六七八九壹贰叁肆伍陆柒捌玖]?[{CN}]{{0,12}}[百千万][{CN}]{{0,12}}|\d+(?:\.\d+)?[万wk千百]\d?)){_APPROX}(?P<wan>万)?{_NOT_MONEY}(?!一[{CN}]{{0,8}}[日遍]|分之|度|变)")
_ONE_EACH = re.compile(rf"(?<=[{CN}])一(?=[晚天月年次位人间套斤份张台瓶双节桌])")
_VERBED = re.compile(
    rf"(?:花|付|充|扣|退|赔|交|收|押|欠|损失|少|亏|价|卖|要|补|给|转|刷|罚|垫|打|写|标|是|涨到?|降到?|变成?|共|计|总|就|才|只|原价|现价|售价|差价?|优惠|便宜|贵|合计|金额)"
    rf"(?:[了我你您们着过个的为到出去走]|一共|总共|大概|差不多|将近|至少|就是|才){{0,3}}\s*[:：]?\s*(?P<num>\d{{2,6}}(?:\.\d{{1,2}})?|\d\.\d{{1,2}}|[{CN}]{{0,12}}[百千][{CN}]{{0,12}}|[一二三四五六七八九]十[一二三四五六七八九]?)(?!\d|[{CN}]|\.\d|\s*(?:[个只条瓶箱件双台部套包袋盒张本份斤克升米吨杯碗盘串对次遍回趟人位名户口岁度瓦兆级层楼号栋天日周年月点时分秒小公%％折倍成寸版星]|g(?![a-z])|kg|ml|mb|gb|:))")
_DECIMAL = re.compile(r"(?<![\d.:a-z])(?P<dec>\d{1,6}\.\d{1,2})(?![\d.]|\s*(?:[米斤升寸折倍分星度版岁级兆吨公]|%|％|kg|ml|g(?![a-z])|gb|mb|v\d|cm|mm|ghz|\.))")

_MEASURES = "瓶箱件双条套台部包袋盒张本份斤两克升支把根粒片间节堂单票杯碗盘串副辆架枚株盆朵吨桶罐卷盏提壶只个笔床棵筒板管贴"
_COUNT = re.compile(rf"(?<![{CN}\d.第每a-z])(?P<n>{NUMBER}|俩|仨|半)\s*(?P<m>公斤|千克|大箱|小箱|大包|小包|[{_MEASURES}])(?P<after>[一-龥]{{0,2}})")
_PEOPLE = re.compile(rf"(?<![{CN}\d.第])(?P<n>{NUMBER}|俩|仨)\s*(?:多|来|几)?(?:个(?=人|家长|孩子|小孩|老人|同事|同学|大人|业主|住户|客人|邻居|朋友|乘客|旅客|顾客|员工|工人|学生|娃)|位(?=[^置子]|$)|名(?=[^字单牌]|$)|口(?=人|$|[^味气水袋罩红岸])|户(?!口|外|型|号|籍)|家(?=人|住户|业主)|人(?!民|工|家|行|格|均份|份))")
_RATING = re.compile(rf"(?P<n>[0-5]|[零一二两三四五半])\s*(?:颗)?(?P<u>星|分)(?!期|钟|之|店|级|公司|享|手|类|辨|明|割|别|开)|(?P<zero>一星都嫌多|零分|0分|负分)|(?P<full>满分)")
_LOOSE = {"俩": 2, "仨": 3, "半": Decimal("0.5")}


def find(text: str) -> Iterator[Span]:
    """Amounts first, then counts, people and scores of the folded `text`."""
    yield from _amounts(text)
    yield from _people(text)
    yield from _counts(text)
    for m in _RATING.finditer(text):
        value = 0 if m["zero"] else 5 if m["full"] else parse(m["n"])
        if value is not None and not text[max(0, m.start() - 1):m.start()].isdigit():
            yield Span("rating", m.start(), m.end(), int(value), 0.7)


def money(value: Decimal) -> str:
    """460, 12.8, 0.01: no trailing zeros, no exponent."""
    return format(value.quantize(Decimal("0.01")).normalize(), "f")


def _amounts(text: str) -> Iterator[Span]:
    for m in _MONEY.finditer(text):
        if (value := _sum(m)) is not None:
            yield _amount(m.start(), m.end(), value, bool(m["more"]))
    for m in _BARE.finditer(_ONE_EACH.sub("/", text)):
        if m["bare"][0] not in "百千万" and (value := parse(m["bare"])) is not None and value >= 100 and not _is_idiom(text, m):
            value *= 10_000 if m["wan"] else 1
            yield _amount(m.start(), m.end(), value, bool(m["more"]))
    for m in _VERBED.finditer(text):
        if (value := parse(m["num"])) is not None:
            yield _amount(*m.span("num"), value, False, 0.85)
    for m in _DECIMAL.finditer(text):
        yield _amount(m.start(), m.end(), Decimal(m["dec"]), False, 0.7)


def _amount(start: int, end: int, value: Decimal, approx: bool, confidence: float = 1.0) -> Span:
    return Span("amount", start, end, money(value), confidence, extra={"approx": True} if approx else {})


def _sum(m: re.Match[str]) -> Decimal | None:
    if m["sign"]:
        return parse(m["sign"])
    if m["small"]:
        value = parse(m["small"])
        return value and value / (100 if m["unit"].startswith("分") else 10)
    value = parse(m["main"])
    if value is None or (m["main"] in ("一",) and m["yuan"] == "块" and not m["jiao"]):     # 一块儿
        return None
    if m["jiao"]:
        digits = parse(m["jiao"])
        value += digits / (100 if len(m["jiao"]) == 2 else 10)
    if m["fen"]:
        value += parse(m["fen"][0]) / 100
    return value


def _is_idiom(text: str, m: re.Match[str]) -> bool:
    around = text[max(0, m.start() - 2):m.end() + 2]
    return bool(re.search(r"千万别|千万不|千万要|万一|百般|百度|百货|千兆|万达|万科|百分|一百个|成百|上千|上万|万分|千里|百姓|千方|万事|百事|"
                          r"老百|三百六十度|一千个|一万个|千篇|万能|万家|万象|千问|百年|百日|二百五(?!十|块)|千禧|千元|百元|万用|万里|万安", around))


def _counts(text: str) -> Iterator[Span]:
    for m in _COUNT.finditer(text):
        if m["m"] in "个两" and not _things(m):
            continue
        value = _LOOSE.get(m["n"]) or parse(m["n"])
        if value is None or m["n"] in ("一", "半") or value != int(value):
            continue
        yield Span("quantity", m.start("n"), m.end("m"), int(value), 0.8)


def _things(m: re.Match[str]) -> bool:
    """个 counts months, people and ideas too; 两 is mostly the number."""
    return m["m"] == "个" and not re.match(r"月|小时|人|钟|星期|礼拜|工作|多月|半|字|事|问题|电话|说法|方|客服|家长|孩子|员工|头|点|办法|季|世纪", m["after"])


def _people(text: str) -> Iterator[Span]:
    for m in _PEOPLE.finditer(text):
        value = _LOOSE.get(m["n"]) or parse(m["n"])
        if value is not None and value == int(value) and not (value == 1 and m["n"] in "一1" and m[0].endswith(("位", "个", "名"))):
            yield Span("people_count", m.start(), m.end(), int(value), 0.8)
