"""Is a callback genuine, and for which of our accounts? Everything that fails fails alike."""
from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import Request

from bot.channels.doorkeeper import forbidden, single, timely
from bot.channels.settings import WechatAccount
from bot.channels.wechat import xml
from bot.channels.wechat.crypto import Envelope, NotGenuine, signed


@dataclass(frozen=True)
class Opened:
    """A genuine callback. `sealed` says that the answer must be sealed, too."""

    account: WechatAccount
    fields: dict[str, str]
    sealed: bool


class Gate:
    def __init__(self, accounts: Sequence[WechatAccount], now: Callable[[], float] = time.time) -> None:
        self._accounts, self._now = tuple(accounts), now
        self.envelopes = {a.name: Envelope(a.token, a.aes_key, a.appid) for a in accounts if a.aes_key}

    def greet(self, request: Request) -> str:
        """The echo of a URL verification."""
        if not self._signers(request):
            raise forbidden()
        return single(request, "echostr")

    def open(self, request: Request, data: bytes) -> Opened:
        signers = self._signers(request)
        if not signers:
            raise forbidden()
        try:
            outer = xml.read(data)
            account = self._addressed(signers, outer.get("ToUserName", ""))
            sealed = single(request, "encrypt_type") == "aes" and "Encrypt" in outer
            fields = self._unseal(request, account, outer) if sealed else outer
        except (xml.BadXml, NotGenuine):
            raise forbidden() from None
        if account.mode != "plain" and not sealed:            # a downgrade: WeChat always seals in both modes
            raise forbidden()
        openid = single(request, "openid")
        if fields.get("ToUserName") != outer.get("ToUserName") or (openid and openid != fields.get("FromUserName")):
            raise forbidden()
        return Opened(account, fields, sealed)

    def _signers(self, request: Request) -> list[WechatAccount]:
        """The accounts whose token made this signature; the work is the same whether one did or not."""
        given, timestamp, nonce = single(request, "signature"), single(request, "timestamp"), single(request, "nonce")
        now = self._now()
        return [a for a in self._accounts if signed(given, a.token, timestamp, nonce) and timely(timestamp, now, a.skew)]

    def _addressed(self, signers: list[WechatAccount], to: str) -> WechatAccount:
        for account in signers:
            if account.original_id == to or (account.original_id is None and to):
                return account
        raise NotGenuine

    def _unseal(self, request: Request, account: WechatAccount, outer: dict[str, str]) -> dict[str, str]:
        if account.name not in self.envelopes:
            raise NotGenuine
        opened = self.envelopes[account.name].open(outer["Encrypt"], msg_signature=single(request, "msg_signature"), timestamp=single(request, "timestamp"),
                                                   nonce=single(request, "nonce"))
        return xml.read(opened)
