"""Running a macro: the words go out first; then its actions in order, until one is refused."""
from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.desk import notes, tags
from bot.desk.connector_errors import answered
from bot.desk.conversation import ticket_of
from bot.desk.desk import Desk
from bot.desk.filling import fill, values
from bot.desk.macros import (
    Action,
    Macro,
    NoteAction,
    ReturnAction,
    TagAction,
    TicketAction,
)
from bot.desk.moving import carried
from bot.desk.sending import send
from bot.desk.staff import Staff
from bot.http_errors import ApiError


class MacroRun:
    """One run. Refused words leave everything as it was; a refused action is told, and those before it stay done."""

    def __init__(self, desk: Desk, who: Staff, conversation: str) -> None:
        self._desk, self._who, self._conversation = desk, who, conversation

    async def run(self, macro: Macro, version: int, client_id: str) -> dict[str, Any]:
        """{"message", "repeated", "done", "failed"}."""
        text = await self.filled(macro.text)
        sent = await send(self._desk, self._who, self._conversation, text, version, client_id) if text else {"message": None, "repeated": False}
        done: list[str] = []
        for action in () if sent["repeated"] else macro.actions:
            try:
                await self._do(action)
            except ApiError as exc:
                return {**sent, "done": done, "failed": {"do": action.do, "error": {"code": exc.code, "message": exc.message, "details": exc.details}}}
            done.append(action.do)
        return {**sent, "done": done, "failed": None}

    async def filled(self, text: str) -> str:
        """422 where a name has no value: nobody gets a text with a hole."""
        full, missing = fill(text, await self.values())
        if missing:
            raise ApiError(422, "variable_missing", f"这些内容还不知道：{'、'.join(missing)}。", {"missing": missing})
        return full.strip()

    async def values(self) -> dict[str, str]:
        case = await self._desk.case_of(self._conversation)
        ticket = await run_in_threadpool(ticket_of, self._desk, self._conversation, case)
        return values(self._who, self._desk.records.policy.company, case, ticket)

    async def _do(self, action: Action) -> None:
        desk, who, conversation = self._desk, self._who, self._conversation
        if isinstance(action, TagAction):
            change = (lambda: tags.add(desk.engine, conversation, action.tag, who.name, desk.handovers.now())) if action.do == "tag" \
                else (lambda: tags.drop(desk.engine, conversation, action.tag))
            await run_in_threadpool(change)
            await desk.changed(conversation)
        elif isinstance(action, NoteAction):
            row = await run_in_threadpool(notes.add, desk.engine, conversation, who, await self.filled(action.text), desk.handovers.now())
            await desk.hub.publish("desk", {"type": "note", "conversation": conversation, "note": row})
        elif isinstance(action, TicketAction):
            await self._move_ticket(action)
        elif isinstance(action, ReturnAction):
            await carried(desk, desk.handovers.return_to_bot, conversation, who, await self.filled(action.note))
        else:
            to = await run_in_threadpool(desk.access.colleague, action.to) if action.to else None
            if to:
                await desk.bars.check_colleague(to, conversation, by=who)
            await carried(desk, desk.handovers.transfer, conversation, who, to=to, skill=action.skill, note=await self.filled(action.note))

    async def _move_ticket(self, action: TicketAction) -> None:
        ticket = await run_in_threadpool(ticket_of, self._desk, self._conversation, await self._desk.case_of(self._conversation))
        if ticket is None:
            raise ApiError(409, "no_ticket", "这个对话还没有工单。")
        if "tickets" not in self._who.may:
            raise ApiError(403, "forbidden", "您的角色没有这个权限。", {"permission": "tickets"})
        note = await self.filled(action.note)
        with answered():
            await run_in_threadpool(lambda: self._desk.records.tickets.act(ticket.number, action.action, actor=self._who.name, role=self._who.role, note=note, data=action.data))
