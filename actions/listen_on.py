"""Let the customer finish before anything is asked."""
from actions.step import StepAction, Turn


class ListenOn(StepAction):
    """A short, warm sign that somebody listens; no question about facts."""

    step = "listen_on"

    async def act(self, turn: Turn) -> None:
        key = "listen_on" if turn.case.knows_what else "listen_open"
        options = turn.options("human", "continue") if turn.case.knows_what else turn.options("human")
        turn.say(turn.phrase(key), options=options)
