"""Start over: what was filed stays filed."""
from actions.step import StepAction, Turn


class Restart(StepAction):
    """An empty case, an open invitation."""

    step = "restart"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("restart"))
