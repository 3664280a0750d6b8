"""The customer drops the complaint: done without asking why."""
from actions.step import StepAction, Turn
from kb_connector.errors import ConnectorError


class Withdraw(StepAction):
    """A filed ticket is withdrawn, history kept; the way back stays open."""

    step = "withdraw"

    async def act(self, turn: Turn) -> None:
        if turn.case.ticket:
            try:
                turn.records.tickets.act(turn.case.ticket, "withdraw", actor="customer", role="customer", note=turn.case.message[:500])
            except ConnectorError:
                turn.records.tickets.note(turn.case.ticket, actor="customer", what="asked to withdraw", note=turn.case.message[:500])
        turn.say(turn.phrase("withdrawn", number=turn.case.ticket))
