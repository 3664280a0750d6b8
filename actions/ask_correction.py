"""The customer said that the read-back is wrong without saying where."""
from actions.step import StepAction, Turn


class AskCorrection(StepAction):
    """Ask which point to change."""

    step = "ask_correction"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("ask_correction"), asks="confirm")
