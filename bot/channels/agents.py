"""A platform's own people (WeCom's client, the Official Account's service desk), mirrored in our handover as one account of ours.

    new, bot        the bot or our staff may write              ended     the customer's next message begins anew
    queued, human   the platform has the customer: our side is silent
"""
from __future__ import annotations

from typing import Any

import structlog

from bot.desk.accounts import Staff
from bot.desk.handover import NotAllowed
from bot.reception.reception import Reception
from kb_connector.database import aside

log = structlog.get_logger()


class Agents:
    """Safe to repeat; what the handover does not allow is logged and left."""

    def __init__(self, reception: Reception, channel: str, name: str) -> None:
        self._reception, self._channel, self._them = reception, channel, Staff(channel, name, "lead")
        self._handovers: Any = reception.handovers

    async def took(self, conversation: str) -> None:
        """As our own staff would take it."""
        await aside(self._reception.transcript.engine, self._take, conversation)

    async def ended(self, conversation: str) -> None:
        """The bot goes on, if it was they who had the customer, or for whom the customer waited."""
        if await aside(self._reception.transcript.engine, self._end, conversation) and self._reception.engine is not None:
            await self._reception.resume(conversation)

    def _take(self, conversation: str) -> None:
        if self._handovers.current(conversation).owner == "human":
            return
        self._handovers.request(conversation, channel=self._channel, reason=f"taken in {self._channel}", severity="L0", ticket=None)
        try:
            self._handovers.take(conversation, self._them)
        except NotAllowed as exc:
            log.warning("mirror_refused", channel=self._channel, error=str(exc))

    def _end(self, conversation: str) -> bool:
        owner = self._handovers.current(conversation).owner
        if owner == "queue":
            self._handovers.abandoned(conversation)
            return True
        if owner != "human":
            return False
        try:
            self._handovers.close(conversation, self._them, f"ended in {self._channel}")
        except NotAllowed as exc:
            log.warning("mirror_refused", channel=self._channel, error=str(exc))
            return False
        return True
