"""One conversation with everything that the console shows beside it, personal data masked."""
from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.desk import delivery, notes, tags
from bot.desk.complained_of import complained_of, staff_said
from bot.desk.connector_errors import answered
from bot.desk.desk import Desk
from bot.desk.handover import events_in
from bot.desk.masking import addresses, hide_facts, hide_json, hide_message, hide_ticket
from bot.desk.packet import packet
from bot.desk.staff import Staff
from bot.dialogue.case import Case
from bot.reception.transcript import Message
from kb_connector.tickets import Ticket

_LINES, _ORDERS, _CASES = 500, 5, 10


class Reader:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def read(self, conversation: str, after: int | None, who: Staff) -> dict[str, Any]:
        case = await self._desk.case_of(conversation)
        shown = await run_in_threadpool(self._read, conversation, after, case, who)
        allowed = await self._desk.allowance(conversation, shown["channel"]) if self._desk.allowance else None
        sent = await run_in_threadpool(delivery.states, self._desk.engine, conversation) if allowed else {}
        for row in shown["messages"]:
            if state := delivery.of_message(row["actor"], int(row["id"]), sent, pushes=allowed is not None):
                row["delivery"] = state
        return shown | {"channel_quota": delivery.quota(allowed), "customer": await self._customer(case, who), "now": self._desk.handovers.now().isoformat()}

    async def _customer(self, case: Case | None, who: Staff) -> dict[str, Any] | None:
        """Other cases of the same telephone number, as far as this colleague may see them."""
        phone = case.value("contact_phone") if case else None
        if not phone:
            return None
        found = [t for t in (await run_in_threadpool(self._desk.records.tickets.search, q=phone, limit=_CASES)).items if t.contact_phone == phone]
        visible = await self._desk.bars.visible(who, [t.conversation for t in found])
        return {"tickets": [{"number": t.number, "status": t.status, "severity": t.severity, "created_at": t.created_at, "summary": hide_json(t.summary, addresses(None, t))}
                            for t in found if t.conversation in visible]}

    def _read(self, conversation: str, after: int | None, case: Case | None, who: Staff) -> dict[str, Any]:
        desk = self._desk
        known = desk.transcript.known(conversation) or {}
        handover = desk.handovers.get(conversation)
        lines = desk.transcript.latest(conversation, _LINES)
        with answered():
            ticket = ticket_of(desk, conversation, case)
            carried = packet(case, lines, ticket, desk.records) | {"instruction": handover.instruction, "barred": self._barred(case, ticket, who)}
            orders = desk.records.customers.orders_of(case.value("contact_phone")) if case and case.value("contact_phone") else []
        hidden = addresses(case, ticket)
        return {
            "id": conversation, "channel": known.get("channel", handover.channel), "context": hide_json(known.get("context"), hidden),
            "messages": self._messages(lines, after, hidden), "handover": hide_json(handover.as_json(), hidden),
            "ownership": {**desk.handovers.current(conversation).as_state(), "version": handover.version, "state": handover.state},
            "events": events_in(handover.state, actor=who.kind, holds=handover.held_by(who.name)) if "chat" in who.may else [],
            "may_speak": handover.owner == "human" and (handover.agent == who.name or who.name in handover.joined),
            "packet": _masked_packet(carried, hidden), "ticket": hide_ticket(ticket.as_json(), ticket) if ticket else None,
            "orders": [asdict(order) for order in orders[:_ORDERS]], "tags": tags.of(desk.engine, [conversation]).get(conversation, []),
            "notes": hide_json(notes.of(desk.engine, conversation), hidden), "history": hide_json(desk.handovers.history(conversation), hidden)}

    def _messages(self, lines: list[Message], after: int | None, hidden: tuple[str, ...]) -> list[dict[str, Any]]:
        return [hide_message(m.as_json(), hidden) for m in lines if after is None or m.id > after]

    def _barred(self, case: Case | None, ticket: Ticket | None, who: Staff) -> list[dict[str, str]]:
        """For leads: colleagues whom the case complains of, and who therefore do not see it."""
        said = staff_said(case, [ticket] if ticket else []) if who.lead else ()
        return [{"name": s.name, "display": s.display} for s in self._desk.access.accounts.all() if complained_of(s, said)] if said else []


def _masked_packet(carried: dict[str, Any], hidden: tuple[str, ...]) -> dict[str, Any]:
    facts = hide_facts({row["fact"]: row for row in carried["facts"]}, hidden)
    return {**hide_json({k: v for k, v in carried.items() if k != "facts"}, hidden), "facts": list(facts.values())}


def ticket_of(desk: Desk, conversation: str, case: Case | None) -> Ticket | None:
    """The case's own, the handover's, or the latest that the conversation led to."""
    number = (case.ticket if case else None) or desk.handovers.get(conversation).ticket
    if number:
        return desk.records.tickets.get(number)
    found = desk.records.tickets.search(conversation=conversation, limit=1).items
    return found[0] if found else None
