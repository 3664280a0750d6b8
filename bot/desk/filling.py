"""{称呼} {工单} and the like in prepared texts, filled in with what is known of the conversation."""
from __future__ import annotations

import re
from typing import Any

from bot.desk.staff import Staff
from bot.dialogue.case import Case
from kb_connector.policy_types import Company
from kb_connector.tickets import Ticket

_SLOT = re.compile(r"\{([\u4e00-\u9fff]{1,8})\}")
_MAY_LACK = ("称呼",)                                          # “{称呼}您好” reads well without
NAMES = ("称呼", "坐席", "工单", "公司", "热线", "商品", "订单")


def values(who: Staff, company: Company, case: Case | None, ticket: Ticket | None) -> dict[str, str]:
    """What is known, by the name that texts use."""
    fact = case.value if case else lambda _: None
    known: dict[str, Any] = {"称呼": fact("contact_name") or (ticket.contact_name if ticket else None), "坐席": who.display, "工单": ticket.number if ticket else None,
                             "公司": company.short_name, "热线": company.hotline, "商品": fact("product"), "订单": fact("order_id")}
    return {name: value for name, value in known.items() if value}


def fill(text: str, known: dict[str, str]) -> tuple[str, list[str]]:
    """The text, and the names that have no value; those stay as they are."""
    missing = [name for name in dict.fromkeys(_SLOT.findall(text)) if name not in known and name not in _MAY_LACK]
    return _SLOT.sub(lambda m: known.get(m[1], "" if m[1] in _MAY_LACK else m[0]), text), missing


def unknown(text: str) -> list[str]:
    """Names that no conversation can fill."""
    return [name for name in dict.fromkeys(_SLOT.findall(text)) if name not in NAMES]
