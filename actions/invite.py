"""The customer gave details but no grievance yet: invite them to tell it."""
from actions.step import StepAction, Turn


class Invite(StepAction):
    """Ask, openly, what happened."""

    step = "invite"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("invite"))
