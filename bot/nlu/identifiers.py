"""Phones, e-mail, order, tracking and ticket numbers, and the numbers that must never be kept.

`\\b` finds no border between a digit and a Chinese character, so borders are spelled out. Numbers that were spoken
(幺三八零零…) are read as digits, in place.
"""
from __future__ import annotations

import re
from typing import Iterator

from bot.nlu.span import Span

_SEP = r"[ .-]{0,2}"
_SPOKEN = re.compile(r"[零〇一二三四五六七八九幺两](?:[ ,、-]?[零〇一二三四五六七八九幺两\d]){6,}")
_AS_DIGITS = str.maketrans("零〇一二三四五六七八九幺两、", "001234567891" "2 ")
_CODE = rf"(?:[(]?(?:\+|00)?86[)]?{_SEP})?"
_MOBILE = re.compile(
    rf"(?<![\da-z.])(?:(?:tel|phone|mobile|wx|vx|v|t|m)[:. ]?)?{_CODE}(?P<number>1[3-9]\d{_SEP}\d{{4}}{_SEP}\d{{4}}|1[3-9]\d{{3}}[ -]\d{{6}}|1[3-9]\d[ -]\d{{8}}|1[3-9]\d\d[ -]\d{{3}}[ -]\d{{4}}|1[3-9]\d[ -]\d{{3}}[ -]\d{{5}}|"
    r"1[ -][3-9](?:[ -]\d){9})(?![\da-z]|[ -]\d{3,4}(?!\d))")
_LANDLINE = re.compile(
    r"(?<![\da-z.])(?:\+?86[ -]?(?=[1-9]))?[(]?(?P<area>0(?:10|2\d|[3-9]\d\d)|(?<=86)(?:10|2\d)|(?<=86[ -])(?:10|2\d))[)]?[ -]{0,2}(?P<local>[1-9]\d{2,3}[ -]?\d{4})(?![\da-z])|"
    r"(?<![\da-z])(?P<free>[48]00[ -]?\d{3,4}[ -]?\d{3,4})(?![\da-z])")
_LOCAL = re.compile(r"(?:座机|固话|固定电话|家里电话|办公电话)\s?(?:号码?)?(?:是|:)?\s?(?P<number>[2-9]\d{2,3}[ -]?\d{4})(?![\d-])")
_EXTENSION = re.compile(r"\s?(?:转|分机|ext\.?|-)\s?(?:分机)?(?:号)?(?P<ext>\d{1,6})(?!\d)")
_EMAIL = re.compile(r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}(?![\w-])", re.ASCII)
_ID = re.compile(r"(?<![\da-z])[1-9]\d{5}[ -]?(?:19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dx](?![\da-z])|(?<=身份证)(?:号码?)?(?:是|:|为)?\s?(?<!\d)[1-9]\d{14}(?![\dx])")
_CARD = re.compile(r"(?<![\da-z])(?<!\d-)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![\da-z])")
_CARD_WORDS = re.compile(r"银行卡|信用卡|储蓄卡|借记卡|卡号|开户|建行|工行|农行|中行|招行|交行|账户|打到")
_ISSUED = re.compile(r"[34569]")             # how numbers of bank cards begin
_TICKET = re.compile(r"(?<![\da-z])c[ -]?\d{6}[ -]?[0-9a-z]{4,6}(?![\da-z])")
_CARRIER = re.compile(
    r"(?<![\da-z])(?:sf|yto?|zto|sto|jdv[a-z]{0,2}|jd[a-z]{0,2}|jt|ems|db[l]?|fc|dpk?|zt|st|yd|ht|best|qf|ky|lp|cn|uc|an|zj[s]?|tt)[ :-]{0,2}\d{4}(?:[ -]?\d){4,16}(?![\da-z])|(?<![\da-z])[a-z]{2}\d{9}cn(?![\da-z])")
_PLAIN_CARRIER = re.compile(r"(?<![\da-z])(?:sf|yto?|zto|sto|jd[a-z]{0,3}|jt|ems|db[l]?|fc|dpk?|zt|st|yd|ht|best|qf|ky|lp|cn|uc|an|zj[s]?|tt)[ :-]{0,2}\d{4,18}")
_NAMES = "顺丰|圆通|中通|申通|韵达|极兔|京东(?:快递|物流)|邮政|德邦|百世|菜鸟|丹鸟|天天快递|跨越|安能|宅急送|优速|ems"
_LABELLED = re.compile(
    rf"(?P<label>运单(?:编?号码?)?|快递(?:的)?(?:单号?|号|编号)码?|物流(?:单号?|编号|号)码?|包裹(?:单)?号|货运单号?|邮件号|(?:{_NAMES})(?:的)?(?:快递|物流)?(?:单号|单子|运单号?)?|追踪号|"
    r"订单(?:编?号码?|的?号)?|单号|单子号?|小票(?:流水)?号?|流水号|充值单号?|交易(?:单|流水)?号|凭证号|户号|合同(?:编?号)|保单号?|预约(?:单)?号|编号|支付单号|发票号码?|order(?: ?(?:no|id|number))?)"
    r"(?:\s|是|为|:|,|\.|#|就是|叫|给你|我?发你|发给你|如下|尾?后|一下|在这[儿里]?|(?<=单)id){0,4}\s?"
    r"(?P<id>[a-z]{0,8}[-_ ]?\d(?:[\da-z_]|-(?=[\da-z])|[ ](?=\d{3,})){4,36})(?![\da-z])(?!年|元|块|个|件)")
_AFTER = re.compile(r"(?<![\da-z.¥-])(?P<id>[a-z]{0,6}\d{7,24})\s?(?:这|那)?(?:个|一)?(?:订单|单子?(?![位独])|这单)")
_BARE = re.compile(r"(?<![\da-z.¥-])(?:[a-z]{1,6}-?\d{7,24}|\d{6}-\d{12,16}|\d{10,24})(?![\da-z.-]|元|块)")
_TRACKING_LABEL = re.compile(rf"运单|快递|物流|包裹|货运|邮件|追踪|{_NAMES}")
_OTHER_NUMBER = re.compile(r"(?:qq|扣扣|微信|账号|imei|串号|序列号|sn码?|条形?码|会员号|会员卡|手机|电话|号码|联系方式|身份证|护照|学号|准考证|税号|信用代码|车架号|识别号|卡号|工号|取件码|验证码|(?:投诉|受理|工单|举报)编?号?)[^,。!?;]{0,4}$")
_FOREIGN_TICKET = re.compile(r"(?:投诉|受理|工单|报修|维权|举报|信访)$")
_BATCH = re.compile(r"(?:批号|批次号?|生产批[号次]|批次|lot)\s*(?:是|为|:|号|写着|,)?\s*(?P<id>[a-z]{0,4}\d[\da-z/-]{2,18})(?![\da-z])")


def find(text: str, raw: str) -> Iterator[Span]:
    """Identifiers in the folded `text`; values keep the letters of `raw` (folded to half width)."""
    text = _SPOKEN.sub(lambda m: m[0].translate(_AS_DIGITS).replace(",", " "), text) if _SPOKEN.search(text) else text
    if not re.search(r"\d|@", text):
        return
    for m in _ID.finditer(text):
        yield Span("id_number", m.start(), m.end(), None)
    for m in _EMAIL.finditer(text):
        yield Span("email", m.start(), m.end(), m[0])
    for m in _TICKET.finditer(text):
        yield Span("ticket_id", m.start(), m.end(), re.sub("[ -]", "", m[0]).upper())
    yield from _labelled(text, raw)
    for m in _CARD.finditer(text):
        if (_luhn(m[0]) and _ISSUED.match(m[0])) or _CARD_WORDS.search(text[max(0, m.start() - 12):m.start()]):
            yield Span("bank_card", m.start(), m.end(), None)
    yield from _phones(text)
    yield from _unlabelled(text, raw)


def _phones(text: str) -> Iterator[Span]:
    for m in _MOBILE.finditer(text):
        yield Span("phone", m.start(), m.end("number"), re.sub(r"\D", "", m["number"]))
    for m in _LANDLINE.finditer(text):
        area = m["area"] or ""
        number = re.sub(r"\D", "", (area if area.startswith("0") or not area else "0" + area) + (m["local"] or m["free"]))
        if m["free"] and len(number) != 10:
            continue
        ext = _EXTENSION.match(text, m.end())
        yield Span("phone", m.start(), ext.end() if ext else m.end(), number, extra={"extension": ext["ext"]} if ext else {})
    for m in _LOCAL.finditer(text):
        yield Span("phone", *m.span("number"), re.sub(r"\D", "", m["number"]), 0.8)


def _labelled(text: str, raw: str) -> Iterator[Span]:
    for m in _BATCH.finditer(text):
        yield Span("batch_no", *m.span("id"), _typed(raw, text, m.span("id")))
    for m in _LABELLED.finditer(text):
        if _FOREIGN_TICKET.search(text[max(0, m.start() - 3):m.start()]):
            continue
        if (_CARD.fullmatch(m["id"]) and _luhn(m["id"]) and _CARD_WORDS.search(text)) or _is_day(m["id"]) or sum(c.isdigit() for c in m["id"]) < 5:
            continue
        if _MOBILE.fullmatch(m["id"]) and _OTHER_NUMBER.search(text[max(0, m.start("id") - 8):m.start("id")]):
            continue
        yield Span(_kind(m), *m.span("id"), _typed(raw, text, m.span("id")))


def _kind(m: re.Match[str]) -> str:
    """A carrier's number, by its label or by its own form."""
    own = m["label"] in ("单号", "单子号", "单子", "编号") and _PLAIN_CARRIER.match(m["id"])
    return "tracking_no" if own or _TRACKING_LABEL.search(m["label"]) else "order_id"


def _is_day(number: str) -> bool:
    """订单 2026-11-03 is a date."""
    return bool(re.fullmatch(r"20\d\d[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12]\d|3[01])|20\d\d-\d{1,2}-\d{1,2}", number))


def _unlabelled(text: str, raw: str) -> Iterator[Span]:
    for m in _CARRIER.finditer(text):
        yield Span("tracking_no", m.start(), m.end(), _typed(raw, text, m.span()))
    for m in _AFTER.finditer(text):
        if not _is_day(m["id"]) and not _MOBILE.fullmatch(m["id"]):
            yield Span("order_id", *m.span("id"), _typed(raw, text, m.span("id")))
    for m in _BARE.finditer(text):
        before = text[max(0, m.start() - 10):m.start()]
        if not _OTHER_NUMBER.search(before):
            tracking = _TRACKING_LABEL.search(before) and "订单" not in before
            yield Span("tracking_no" if tracking else "order_id", m.start(), m.end(), _typed(raw, text, m.span()), 0.8)


def _typed(raw: str, text: str, span: tuple[int, int]) -> str:
    """The identifier as typed, full-width folded, without spaces; what was spoken, as digits."""
    typed = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in raw[slice(*span)])
    return re.sub(r"\s", "", typed if typed.isascii() else text[slice(*span)])


def _luhn(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()][::-1]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0


SECRET = ("id_number", "bank_card")
SHOWN = {"id_number": "〔证件号已隐藏〕", "bank_card": "〔卡号已隐藏〕"}


def mask(text: str, folded: str) -> tuple[str, tuple[str, ...]]:
    """`text` with identity and bank-card numbers taken out, and what kinds were there."""
    found = sorted((s for s in find(folded, text) if s.entity in SECRET), key=lambda s: -s.start)
    kinds: list[str] = []
    for span in found:
        text = text[:span.start] + SHOWN[span.entity] + text[span.end:]
        kinds.append(span.entity)
    return text, tuple(dict.fromkeys(kinds))
