"""Read the whole matter back and ask whether it is right."""
from actions.step import StepAction, Turn
from bot.dialogue.summary import names, read_back, shown


class Confirm(StepAction):
    """A faithful summary; after a correction it starts with what changed."""

    step = "confirm"

    async def act(self, turn: Turn) -> None:
        case = turn.case
        changed = [f"{names()['facts'][f]}改为{shown(f, case.facts[f].value, case.facts[f].text)}" for f in case.changed
                   if f in case.facts and f in names()["facts"]]
        lead = turn.phrase("confirm_changed", changes="，".join(changed)) if changed else turn.phrase("confirm")
        turn.say(lead, read_back(case), turn.phrase("confirm_ask"), asks="confirm", options=turn.options("confirm:yes", "confirm:no"))
