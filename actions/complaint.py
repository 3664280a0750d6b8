"""From the case to the complaint that the ticket system files."""
from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from bot.dialogue.case import Case
from bot.dialogue.summary import ticket_summary
from kb_connector.records import Records
from kb_connector.severity import assess
from kb_connector.tickets.complaint import Complaint, Fact, Issue, Risk
from kb_connector.tickets.ticket import Ticket

REASONS = ("confirmed", "handover", "risk", "abandoned")

if TYPE_CHECKING:
    from actions.step import Turn


def complaint_from(case: Case, conversation: str, channel: str, records: Records, reason: str) -> Complaint:
    """Everything known now; severity by the company's rules."""
    amount, people = case.value("amount"), case.value("people_count")
    level = assess(records.policy, causes=tuple(case.causes), risks=tuple(case.risks), amount=_number(amount), people_count=int(_number(people) or 0) or None,
                   repeat="repeat_complaint" in case.risks).level
    phone = case.value("contact_phone") if case.consent or (case.consent is None and case.handover) else None
    return Complaint(
        conversation=conversation, channel=channel, summary=ticket_summary(case) or case.message[:200],
        issues=tuple(Issue(i.cause, i.text) for i in case.issues) or (Issue("complain_general", case.message[:200]),),
        facts={k: Fact(f.value, f.text, f.message) for k, f in case.facts.items() if k not in ("contact_phone", "contact_name")} | _story(case),
        demand=tuple(case.demand), demand_text=case.demand_text, demand_amount=None,
        contact_name=case.value("contact_name") if not case.anonymous else None, contact_phone=phone, anonymous=case.anonymous, emotion=case.emotion,
        risks=tuple(Risk(name, r.text, r.message) for name, r in case.risks.items()), severity=level, reason=reason)


def _story(case: Case) -> dict[str, Fact]:
    if not case.told:
        return {}
    text = " / ".join(t["text"] for t in case.told)
    return {"what_happened": Fact(text[:2000], case.told[0]["text"][:200], case.told[0]["message"])}


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def file_or_update(turn: Turn, reason: str) -> Ticket:
    """The ticket of this case: a new one, or the known one brought up to date. Raises ConnectorError."""
    filed_for = reason if reason in REASONS else "handover" if turn.case.handover else "confirmed"
    complaint, tickets = complaint_from(turn.case, turn.conversation, turn.channel, turn.records, filed_for), turn.records.tickets
    if turn.case.ticket:
        ticket = tickets.update_complaint(turn.case.ticket, complaint, actor="bot", note=reason)
    else:
        ticket = tickets.file(complaint, key=f"{turn.conversation}:{turn.case.message_id or turn.case.turn}")
    turn.case.ticket = ticket.number
    return ticket
