"""An identity or card number was typed: it was masked at the door; say so, never echo it."""
from actions.step import StepAction, Turn


class GuardSecret(StepAction):
    """Tell the customer that the number was hidden and is not needed."""

    step = "guard_secret"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("guard_secret"))
