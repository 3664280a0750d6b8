"""Say hello and invite the customer to tell."""
from actions.step import StepAction, Turn


class Greet(StepAction):
    """Who is speaking, and an open invitation."""

    step = "greet"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("greet"))
