"""The company's time: aware datetimes in Asia/Shanghai."""
from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now_shanghai() -> datetime:
    return datetime.now(SHANGHAI).replace(microsecond=0)


def in_shanghai(at: datetime) -> datetime:
    """`at` in Shanghai time; a naive datetime is taken to be Shanghai time already."""
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)


def iso(at: datetime) -> str:
    return in_shanghai(at).isoformat(timespec="seconds")
