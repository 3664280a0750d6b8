"""Insults: first empathy, then one polite boundary, then a person. The complaint is filed all the same."""
from actions.step import StepAction, Turn


class Calm(StepAction):
    """Never in kind."""

    step = "calm"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("calm_first" if turn.case.abuse <= 1 else "calm_boundary"), options=turn.options("human"))
