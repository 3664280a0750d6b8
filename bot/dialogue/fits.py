"""Which part of a message answers a question, and what the customer has told in passing. Pure."""
from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue.understood import FACT_OF, Found, Understood

IDENTIFIERS = ("order_id", "tracking_no", "ticket_id", "batch_no")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{3,}[A-Za-z0-9]")
_SPOT = (r"(?:[一-龥]{1,3}(?:路|街|里|湾|口|桥)店?的?)?(?:食堂(?:[一二三四五六七八九十\d]+楼)?(?:[一-龥]{0,2}窗口)?|(?:政务|服务|办事|营业)大厅|营业厅|网点|柜台|专柜|售楼处|诊所|医院|药店|幼儿园|学校|健身房|"
         r"理发店|美容院|(?:电)?影院|加油站|(?:地下)?停车场|驿站|超市|商场|酒店|宾馆|民宿|餐厅|饭店|餐馆|火锅店|奶茶店|蛋糕店|直播间|小程序|旗舰店|景区|机场|车站)")
_PLACE = re.compile(rf"(?:你们|你家|咱们|贵|这家?)(?:的|那个?|这个?)?(?P<a>{_SPOT})|(?:在|到|去)(?P<b>{_SPOT})(?=买|办|做|吃|住|洗|修|剪|取|排|挂|订|点|登记|充|打)")
_ALONE = re.compile(r"(?:^|[,，。;； ])(?!\S*?[在到去我来从是开有没])([一-龥A-Za-z0-9]{2,8}(?<!开)(?<!网)(?<!家)(?:店|酒店|宾馆|民宿|诊所|超市|商场|餐厅|营业厅))(?=$|[,，。;； ])")


def place(text: str) -> str | None:
    """Where it happened, said in passing: 「你们食堂三楼窗口」「在政务大厅办」."""
    m = _PLACE.search(text)
    alone = _ALONE.search(text)
    return (m["a"] or m["b"]) if m else alone[1] if alone else None


def answering(u: Understood, fact: str) -> tuple[Understood, Found | None]:
    """The entity that answers, and the message without it where it was taken for something else."""
    found = _matching(u, fact)
    if found is None and fact in IDENTIFIERS and (number := u.first("phone")) and str(number.value).startswith("0"):
        return replace(u, entities=tuple(e for e in u.entities if e is not number)), number      # a baggage tag looks like a landline
    if found is not None and fact in IDENTIFIERS:
        whole = next((t[0] for t in _TOKEN.finditer(u.text) if t[0].startswith(found.text) and len(t[0]) > len(found.text)), None)
        return u, replace(found, text=whole, value=whole) if whole else found
    return u, found


def _matching(u: Understood, fact: str) -> Found | None:
    names = [e for e, f in FACT_OF.items() if f == fact]
    if fact in ("tracking_no", "order_id"):
        names = [fact, "order_id" if fact == "tracking_no" else "tracking_no"] if not u.first(fact) else [fact]
        if fact == "order_id" and u.first("tracking_no") and not u.first("order_id"):
            return None                                      # 「没有订单号，就这个运单号」
    if fact == "contact_time":
        return None
    return next((e for n in names for e in u.entities if e.entity == n and (e.value or n == "time")), None)
