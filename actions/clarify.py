"""Not understood: say so and help; the second time a person comes."""
from actions.step import StepAction, Turn


class Clarify(StepAction):
    """An honest word and two ways on."""

    step = "clarify"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("clarify"), options=turn.options("human"))
