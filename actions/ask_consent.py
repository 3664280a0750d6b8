"""Notice and consent before the first personal datum (PIPL 13-17); refusing is fine."""
from actions.step import StepAction, Turn


class AskConsent(StepAction):
    """Who uses what for which purpose, and two equal choices."""

    step = "ask_consent"

    async def act(self, turn: Turn) -> None:
        turn.say(turn.phrase("ask_consent", company=turn.records.policy.company.name), asks="consent", options=turn.options("consent:yes", "consent:no"))
