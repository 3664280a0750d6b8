"""The outcome is not good enough: reopen where it was closed, note it where it is open."""
from actions.step import StepAction, Turn
from kb_connector.errors import ConnectorError


class Reopen(StepAction):
    """One level up when reopened; a person is offered."""

    step = "reopen"

    async def act(self, turn: Turn) -> None:
        number = turn.case.ticket
        if number is None:
            found = turn.records.tickets.search(conversation=turn.conversation, limit=1).items
            number = turn.case.ticket = found[0].number if found else None
        if number is None:
            turn.say(turn.phrase("reopen_none"))
            return
        status = turn.records.tickets.get(number).as_json()["status"]
        try:
            if status in ("closed", "fulfilled", "rejected_with_reason", "withdrawn"):
                turn.records.tickets.act(number, "reopen", actor="customer", role="customer", note=turn.case.message[:500])
            else:
                turn.records.tickets.note(number, actor="customer", what="dissatisfied", note=turn.case.message[:500])
        except ConnectorError:
            turn.records.tickets.note(number, actor="customer", what="dissatisfied", note=turn.case.message[:500])
        turn.case.ticket_seen = True
        turn.say(turn.phrase("reopened", number=number), options=turn.options("human"))
