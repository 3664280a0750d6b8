"""Goodbye, with the number where there is one."""
from actions.step import StepAction, Turn


class Close(StepAction):
    """Warm and short; the door stays open."""

    step = "close"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("close_ticket" if turn.case.ticket and turn.case.ticket_seen else "close", number=turn.case.ticket))
