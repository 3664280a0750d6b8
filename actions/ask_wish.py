"""Ask what the customer wants, material or not."""
from actions.step import StepAction, Turn


class AskWish(StepAction):
    """An open question; nothing is promised by asking."""

    step = "ask_wish"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("ask_wish"), asks="demand")
