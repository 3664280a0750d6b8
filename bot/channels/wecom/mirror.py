"""Tencent's service state and our handover, kept alike.

    0 new, 1 bot           the bot (or our staff, through the API) may write
    2 queued, 3 human      Tencent's client has the customer: our side is silent
    4 ended                the customer's next message begins again at 0
"""
from __future__ import annotations

from typing import Any

import structlog

from bot.channels.agents import Agents
from bot.channels.tencent import Refused
from bot.channels.wecom.api import WecomApi
from bot.channels.wecom.messages import parties
from bot.reception.delivery import DeliveryFailed
from bot.reception.reception import Reception
from kb_connector.database import aside

log = structlog.get_logger()
NEW, BOT, QUEUED, HUMAN, ENDED = range(5)
_PICKED_UP, _TRANSFERRED, _ENDED, _REOPENED = 1, 2, 3, 4


class Mirror:
    """`transfer` says that Tencent's client serves whoever asks for a person."""

    def __init__(self, api: WecomApi, reception: Reception, *, transfer: bool) -> None:
        self._api, self._reception, self._transfer = api, reception, transfer
        self._agents = Agents(reception, "wecom", "企业微信客服")

    async def changed(self, conversation: str, details: dict[str, Any]) -> None:
        """session_status_change: somebody in WeCom's client took or ended the session."""
        change = int(details.get("change_type") or 0)
        if change in (_PICKED_UP, _TRANSFERRED, _REOPENED):
            await self._agents.took(conversation)
        elif change == _ENDED:
            await self._agents.ended(conversation)

    async def look(self, conversation: str) -> None:
        """Ask Tencent who has the session, because it let us say nothing."""
        try:
            state = await self._api.state(*parties(conversation))
        except (Refused, DeliveryFailed):
            return
        if state in (QUEUED, HUMAN):
            await self._agents.took(conversation)

    async def offer(self, conversation: str) -> None:
        """The customer waits for a person: into WeCom's queue, where that is how people are reached."""
        if not self._transfer or (await aside(self._reception.transcript.engine, self._reception.handovers.current, conversation)).owner != "queue":
            return
        try:
            if await self._api.state(*parties(conversation)) in (NEW, BOT):
                await self._api.move(*parties(conversation), QUEUED)
                log.info("wecom_queued")
        except (Refused, DeliveryFailed) as exc:
            log.warning("wecom_queue_failed", error=str(exc))
