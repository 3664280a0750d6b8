"""File the confirmed complaint; if that fails, fetch a person rather than lose it."""
from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction

from actions.complaint import file_or_update
from actions.step import StepAction, Turn
from kb_connector.errors import ConnectorError


class FileTicket(StepAction):
    """A number, what happens next, by whom and by when."""

    step = "file_ticket"

    async def act(self, turn: Turn) -> list[dict[str, Any]] | None:
        try:
            ticket = file_or_update(turn, "confirmed")
        except ConnectorError:
            turn.case.ticket_seen = False
            turn.case.handover = "the ticket system is away"
            return [FollowupAction("action_request_handover")]
        data = ticket.as_json()
        department = turn.records.policy.company.department_name(data["department"]) if data.get("department") else "客户关怀部"
        first, plan = (turn.due(data["due"].get(k)) for k in ("first_reply", "plan"))
        key = "filed_anonymous" if turn.case.anonymous else "filed"
        following = "filed_next_anonymous" if turn.case.anonymous else "filed_next"
        turn.say(turn.phrase(key, number=ticket.number), turn.phrase(following, number=ticket.number, department=department, first=first, plan=plan))
        return None
