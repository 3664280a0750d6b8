"""What sync_msg brings, as one typed value. Pure."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CUSTOMER, SYSTEM, AGENT = 3, 4, 5


def conversation_of(open_kfid: str, customer: str) -> str:
    """Neither id contains a dot."""
    return f"wecom.{open_kfid}.{customer}"


def parties(conversation: str) -> tuple[str, str]:
    """(open_kfid, customer) of a conversation."""
    _, open_kfid, customer = conversation.split(".", 2)
    return open_kfid, customer


@dataclass(frozen=True)
class Said:
    """`excuse` as in the Official Account; `event` and `details` only for system events."""

    msgid: str
    conversation: str
    origin: int
    at: float
    kind: str
    text: str | None = None
    choice: str | None = None
    media: str | None = None
    excuse: str | None = None
    agent: str | None = None
    event: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


def said(raw: Mapping[str, Any], open_kfid: str) -> Said | None:
    """None for what names no customer or has no id."""
    kind, event = str(raw.get("msgtype") or ""), raw.get("event") or {}
    customer = raw.get("external_userid") or event.get("external_userid")
    kfid = raw.get("open_kfid") or event.get("open_kfid") or open_kfid
    if not (raw.get("msgid") and customer and kind):
        return None
    common = dict(msgid=str(raw["msgid"])[:100], conversation=conversation_of(str(kfid), str(customer)), origin=int(raw.get("origin") or 0),
                  at=float(raw.get("send_time") or 0), kind=kind)
    if kind == "event":
        return Said(**common, event=str(event.get("event_type") or ""), details=dict(event))
    body = raw.get(kind) if isinstance(raw.get(kind), Mapping) else {}
    return Said(**common, agent=raw.get("servicer_userid"), **_READERS.get(kind, _unknown)(body))


def _text(body: Mapping[str, Any]) -> dict[str, Any]:
    content = str(body.get("content") or "")
    return {"text": content, "choice": body.get("menu_id") or None, **({"excuse": "channel_empty"} if not content.strip() else {})}


def _location(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": f"我的位置：{body.get('name') or ''} {body.get('address') or ''}（{body.get('latitude')},{body.get('longitude')}）"}


def _link(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": " ".join(str(body[k]) for k in ("title", "desc", "url") if body.get(k))}


def _image(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": "", "media": body.get("media_id")}


def _unknown(_: Mapping[str, Any]) -> dict[str, Any]:
    return {"excuse": "channel_unreadable"}


_READERS = {"text": _text, "location": _location, "link": _link, "image": _image, "voice": lambda _: {"excuse": "channel_voice"},
            "video": lambda _: {"excuse": "channel_video"}}
