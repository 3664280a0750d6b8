"""Tencent's error codes, and what each means for a message on its way. Pure."""
from __future__ import annotations

from bot.reception.delivery import ChannelBroken, DeliveryFailed, SendLater, Undeliverable, WaitForCustomer

TOKEN = frozenset((40001, 40014, 42001))                       # handled by the client: renew once
TOO_LONG = 45002
NO_PERMISSION = frozenset((48001, 48004, 50002))
NO_MENUS = frozenset((40200,))
_UNREACHABLE = frozenset((40003, 43004, 48002, 40096))
_WINDOW = frozenset((45015, 95018))
_QUOTA = frozenset((45047, 95001))
_SET_UP = frozenset((40164, 40013, 40125, 60020, 95000, 95004, 95017, *TOKEN))


def verdict(code: int) -> DeliveryFailed:
    """What to do with the message; an unknown code is tried again, slowly."""
    reason = f"errcode {code}"
    if code in _QUOTA:
        return WaitForCustomer(reason, exhausted=True)
    if code in _WINDOW or code in NO_PERMISSION:
        return WaitForCustomer(reason)
    if code in _UNREACHABLE:
        return Undeliverable(reason)
    if code in _SET_UP:
        return ChannelBroken(reason)
    return SendLater(reason, after=60.0 if code in (45009, 45011, 45033) else None)
