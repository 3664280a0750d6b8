"""Before a filed ticket is withdrawn: is that what was meant?"""
from actions.step import StepAction, Turn


class AskWithdraw(StepAction):
    """One question, once."""

    step = "ask_withdraw"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("ask_withdraw", number=turn.case.ticket), asks="confirm", options=turn.options("confirm:yes", "confirm:no"))
