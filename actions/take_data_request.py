"""Access, correction, deletion of personal data (PIPL 44-50): noted for the data officer, never argued with."""
from actions.step import StepAction, Turn


class TakeDataRequest(StepAction):
    """Say what happens with the request."""

    step = "take_data_request"

    async def act(self, turn: Turn) -> None:
        if turn.case.ticket:
            turn.records.tickets.note(turn.case.ticket, actor="customer", what="data request", note=turn.case.message[:500])
        turn.say(turn.phrase("data_request"), options=turn.options("human"))
