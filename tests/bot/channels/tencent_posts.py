"""What WeChat posts to us, made with wechatpy: an implementation that shares no line with ours."""
from __future__ import annotations

import hashlib
import itertools
import time
from typing import Any

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.work.crypto import WeChatCrypto as WeComCrypto

TOKEN, APPID, CORPID = "callback-token", "wxb11529c136998cb6", "ww49f0ab532d5d0000"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
KF_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
_IDS = itertools.count(24_000_000_000_000_001)


def sign(*values: str) -> str:
    return hashlib.sha1("".join(sorted(values)).encode()).hexdigest()


def stamp(*, token: str = TOKEN, at: float | str | None = None, nonce: str = "486529863") -> dict[str, str]:
    """The query of a callback."""
    timestamp = at if isinstance(at, str) else str(int(at if at is not None else time.time()))
    return {"signature": sign(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}


def message(content: str | None = "洗衣机坏了", *, who: str = "openid-1", to: str = "gh_house", msg_id: str | None = None, at: float | None = None, **fields: Any) -> dict[str, Any]:
    """The fields of one message; `None` leaves Content out."""
    own = {"ToUserName": to, "FromUserName": who, "CreateTime": str(int(at or time.time())), "MsgType": "text"}
    own |= {"Content": content} if content is not None else {}
    own |= {"MsgId": msg_id or str(next(_IDS))} if fields.get("MsgType") != "event" else {}
    return own | fields


def xml(fields: dict[str, Any]) -> bytes:
    return xmltodict.unparse({"xml": fields}, full_document=False).encode()


def sealed(fields: dict[str, Any], *, appid: str = APPID, key: str = AES_KEY, token: str = TOKEN, twin: bool = False, at: float | None = None) -> tuple[bytes, dict[str, str]]:
    """(body, query) in safe mode; `twin` adds the plain fields, as in compatible mode."""
    query = stamp(token=token, at=at)
    outer = xmltodict.parse(WeChatCrypto(token, key, appid).encrypt_message(xml(fields).decode(), query["nonce"], query["timestamp"]))["xml"]
    body = {"ToUserName": fields["ToUserName"], **(fields if twin else {}), "Encrypt": outer["Encrypt"]}
    return xml(body), query | {"encrypt_type": "aes", "msg_signature": outer["MsgSignature"], "openid": fields["FromUserName"]}


def kf_callback(open_kfid: str = "kf-1", callback_token: str = "sync-token", at: float | None = None) -> tuple[bytes, dict[str, str]]:
    """WeCom's notice that messages wait."""
    query = stamp(at=at)
    del query["signature"]
    inner = xml({"ToUserName": CORPID, "CreateTime": query["timestamp"], "MsgType": "event", "Event": "kf_msg_or_event", "Token": callback_token, "OpenKfId": open_kfid})
    outer = xmltodict.parse(WeComCrypto(TOKEN, KF_KEY, CORPID).encrypt_message(inner.decode(), query["nonce"], query["timestamp"]))["xml"]
    return xml({"ToUserName": CORPID, "Encrypt": outer["Encrypt"], "AgentID": ""}), query | {"msg_signature": outer["MsgSignature"]}
