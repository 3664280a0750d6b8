"""No promise without a ticket: what a waiting customer is told will be kept stands in one."""
from __future__ import annotations

from bot.desk.handover_rows import Handover
from kb_connector.records import Records
from kb_connector.tickets import Complaint, Issue

_DESCRIPTION = "客户要求人工服务，未能及时接通，等待回复"


def ticket_for(records: Records, handover: Handover) -> str:
    """The handover's own, else what the bot filed meanwhile, else one filed now."""
    if handover.ticket:
        return handover.ticket
    known = records.tickets.search(conversation=handover.conversation, limit=1).items
    if known and known[0].status not in records.policy.lifecycle.closed:
        return known[0].number
    complaint = Complaint(handover.conversation, handover.channel, _DESCRIPTION, (Issue("complain_general", _DESCRIPTION),),
                          severity=handover.severity, reason="handover")
    return records.tickets.file(complaint, key=f"handover:{handover.conversation}:{handover.version}", actor="system").number
