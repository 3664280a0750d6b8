"""The push channels, joined: what they share, and the work that runs beside the requests."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog
from fastapi import APIRouter

from bot.channels.files import Files
from bot.channels.generic import GenericChannel, GenericCourier
from bot.channels.intake import Intake
from bot.channels.jobs import Jobs
from bot.channels.settings import ChannelSettings
from bot.channels.wechat import menu
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.courier import Line, WechatCourier
from bot.channels.wechat.follow import EVENT, PHOTO, Followers
from bot.channels.wechat.gate import Gate
from bot.channels.wechat.passive import Passive
from bot.channels.wechat.webhook import WechatChannel
from bot.channels.wecom.api import WecomApi
from bot.channels.wecom.courier import WecomCourier
from bot.channels.wecom.mirror import Mirror
from bot.channels.wecom import puller as wecom_puller
from bot.channels.wecom.puller import Puller
from bot.channels.wecom.webhook import WecomChannel
from bot.dialogue.case import Case
from bot.dialogue.wording import Phrasebook
from bot.http_errors import ApiError
from bot.reception.locks import Turns
from bot.reception.merging import Bursts
from bot.reception.outbox import Outbox
from bot.reception.outbox_rows import OutboxRows
from bot.reception.reception import Reception

log = structlog.get_logger()
_MENU_AGAIN = 600.0                        # seconds until a menu that could not be created is tried again
MERGING = ("web", "socketio", "wechat", "wecom", "webhook")


class PushedChannels:
    """Built by the application. `bursts` is shared with the widget's socket; `run` is a task of every worker."""

    def __init__(self, settings: ChannelSettings, reception: Reception, turns: Turns, engine: Any, files: Files, *, company: str,
                 now: Callable[[], float] = time.time, client: httpx.AsyncClient | None = None, every: float = 3.0) -> None:
        self._reception, self._engine, self._files, self._now, self._client, self._every = reception, engine, files, now, client, every
        self._company, self._turns = company, turns
        self.bursts = Bursts(reception)
        self.outbox = Outbox(reception, OutboxRows(engine, now), turns.turn, {})
        self._words = Phrasebook.load(Path(__file__).parent)
        self.intake = Intake(reception, self.bursts, self.outbox, Jobs(engine, now), self._words, engine)
        self.passive = Passive(self.outbox, self._say("channel_busy"))
        self._jobs: dict[str, Callable[[Any], Any]] = {}
        self._menus: list[tuple[str, WechatApi, list[dict[str, Any]]]] = []
        self._menus_at = 0.0
        self._routers = [self._wechat(settings), self._wecom(settings), self._webhook(settings)]
        for channel in self.outbox.couriers:
            reception.outlets[channel] = self.outbox.outlet(channel)

    def routers(self) -> list[APIRouter]:
        return self._routers

    def _wechat(self, settings: ChannelSettings) -> APIRouter:
        if not settings.wechat:
            return absent("/webhooks/wechat")
        lines = {a.name: Line(a, WechatApi(a, self._client)) for a in settings.wechat}
        courier = WechatCourier(lines, self._files, more=self._say("channel_more"))
        self.outbox.couriers["wechat"] = courier
        followers = Followers(self.intake, lines, self._files, self._engine, company=self._company)
        self._jobs |= {EVENT: followers.run, PHOTO: followers.run}
        self._menus = [(a.name, lines[a.name].api, menu.load(a.menu)) for a in settings.wechat if a.menu]
        return WechatChannel(Gate(settings.wechat, self._now), self.intake, courier, self.passive, followers, self._now).router()

    def _wecom(self, settings: ChannelSettings) -> APIRouter:
        if not settings.wecom:
            return absent("/webhooks/wecom")
        api = WecomApi(settings.wecom, self._client)
        mirror = Mirror(api, self._reception, transfer=settings.wecom.handover == "transfer")
        self.outbox.couriers["wecom"] = WecomCourier(api, mirror, self._files, more=self._say("channel_more"))
        puller = Puller(api, self.intake, mirror, self._files, self._turns.turn, company=self._company, max_age=settings.wecom.max_age, now=self._now)
        self._jobs |= {kind: puller.run for kind in (wecom_puller.SYNC, wecom_puller.PHOTO, wecom_puller.EVENT)}
        return WecomChannel(settings.wecom, self.intake, puller, self._now).router()

    def _webhook(self, settings: ChannelSettings) -> APIRouter:
        if not settings.webhook:
            return absent("/webhooks/generic")
        self.outbox.couriers["webhook"] = GenericCourier(settings.webhook, self._client)
        return GenericChannel(settings.webhook, self.intake, self._now).router()

    def _say(self, key: str) -> str:
        return self._words.say(key, Case())

    async def run(self) -> None:
        """Until cancelled: later tries, interrupted turns, jobs."""
        while True:
            for work in (self._recover, self._sweep, self._rerun, self._create_menus):
                try:
                    await work()
                except Exception:
                    log.exception("channel_work_failed", work=work.__name__)
            await asyncio.sleep(self._every)

    async def _recover(self) -> None:
        before = self._reception._clock() - timedelta(seconds=6)
        await self.bursts.recover(MERGING, before.isoformat())

    async def _sweep(self) -> None:
        await self.outbox.sweep(self._reception._clock())

    async def _rerun(self) -> None:
        for job in await self.intake.aside(self.intake.jobs.due, tuple(self._jobs)):
            await self._jobs[job.kind](job)
        await self.intake.aside(self.intake.jobs.forget)

    async def _create_menus(self) -> None:
        if not self._menus or self._now() < self._menus_at:
            return
        self._menus_at, menus = self._now() + _MENU_AGAIN, menu.Menus(self.intake.jobs)
        self._menus = [(name, api, buttons) for name, api, buttons in self._menus if not await menus.create(name, api, buttons)]


def absent(path: str) -> APIRouter:
    """A channel that nobody set up says so."""
    api = APIRouter()

    @api.api_route(path, methods=["GET", "POST"], include_in_schema=False)
    async def not_configured() -> None:
        raise ApiError(404, "channel_not_configured", "This channel is not set up; see bot/channels/settings.py.")

    return api
