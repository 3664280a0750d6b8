"""The customer looks something up: no hurry."""
from actions.step import StepAction, Turn


class Wait(StepAction):
    """Keep the question open."""

    step = "wait"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("wait"))
