"""What an Official Account hears: Tencent's fields become one typed value. Pure."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
_CLICKS = frozenset(("click", "subscribe", "scan"))
_EVENT_MESSAGES = frozenset(("click",))
_ID = re.compile(r"[\w-]{1,64}")


@dataclass(frozen=True)
class Heard:
    """`kind` is the message type or `event:<name>`. `text` None: nothing that the assistant could read.

    `refill` says which quota the platform opens for it: message, click or None. `excuse` names the customer's answer
    to what cannot be read.
    """

    openid: str
    to: str
    at: int
    key: str
    kind: str
    text: str | None = None
    choice: str | None = None
    media: str | None = None
    refill: str | None = None
    excuse: str | None = None
    context: tuple[tuple[str, str], ...] = ()

    @property
    def is_message(self) -> bool:
        """Does it belong into the transcript?"""
        return not self.kind.startswith("event:") or self.kind[6:] in _EVENT_MESSAGES


class NotAMessage(ValueError):
    """Required fields are missing."""


def heard(fields: Mapping[str, str]) -> Heard:
    """NotAMessage where sender, receiver or type is missing; unknown types are kept as such."""
    openid, to, kind = fields.get("FromUserName", ""), fields.get("ToUserName", ""), fields.get("MsgType", "").strip().lower()
    if not (_ID.fullmatch(openid) and _ID.fullmatch(to) and kind):
        raise NotAMessage
    stamp = fields.get("CreateTime", "").strip()
    at = int(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) < 12 else 0
    if kind == "event":
        return _event(fields, openid, to, at, stamp)
    key = f"{fields.get('MsgId', '').strip()[:40]}-{stamp[:20]}"
    common: dict[str, Any] = {"openid": openid, "to": to, "at": at, "key": key, "kind": kind, "refill": "message"}
    return Heard(**(common | _READERS.get(kind, _unknown)(fields)))


def _event(fields: Mapping[str, str], openid: str, to: str, at: int, stamp: str) -> Heard:
    name, key = fields.get("Event", "").strip().lower()[:40], fields.get("EventKey", "")[:100]
    context = {"event_key": key, "kf_account": fields.get("KfAccount", "")[:100], "latitude": fields.get("Latitude", "")[:20],
               "longitude": fields.get("Longitude", "")[:20]}
    return Heard(openid, to, at, f"{stamp[:20]}-{name}-{key}", f"event:{name}", text=key if name == "click" else None,
                 refill="click" if name in _CLICKS else None, context=tuple((k, v) for k, v in context.items() if v))


def _text(fields: Mapping[str, str]) -> dict[str, Any]:
    content, item = fields.get("Content", ""), fields.get("bizmsgmenuid")
    clicked = {"choice": item, "refill": "click"} if item else {}
    if content.strip() == _UNSUPPORTED:
        return {"text": None, "excuse": "channel_sticker"}
    return {"text": content, **({"excuse": "channel_empty"} if not content.strip() else {}), **clicked}


def _image(fields: Mapping[str, str]) -> dict[str, Any]:
    return {"text": "", "media": fields.get("MediaId", "")[:200] or None}


def _voice(fields: Mapping[str, str]) -> dict[str, Any]:
    spoken = fields.get("Recognition", "").strip()
    return {"text": spoken} if spoken else {"excuse": "channel_voice"}


def _video(_: Mapping[str, str]) -> dict[str, Any]:
    return {"excuse": "channel_video"}


def _location(fields: Mapping[str, str]) -> dict[str, Any]:
    return {"text": f"我的位置：{fields.get('Label', '').strip()}（{fields.get('Location_X', '')},{fields.get('Location_Y', '')}）"}


def _link(fields: Mapping[str, str]) -> dict[str, Any]:
    return {"text": " ".join(filter(None, (fields.get(k, "").strip() for k in ("Title", "Description", "Url"))))}


def _unknown(_: Mapping[str, str]) -> dict[str, Any]:
    return {"excuse": "channel_unreadable"}


_READERS = {"text": _text, "image": _image, "voice": _voice, "video": _video, "shortvideo": _video, "location": _location, "link": _link}
