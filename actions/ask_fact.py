"""Ask for one missing fact."""
from actions.step import StepAction, Turn


class AskFact(StepAction):
    """The question for `case.pending`, worded anew each time it is asked."""

    step = "ask_fact"

    async def act(self, turn: Turn) -> None:
        fact = turn.case.pending or "what_happened"
        again = turn.case.asked.get(fact, 0) > 1
        lead = turn.phrase("asking_again") if again and turn.case.done[:1] == ["ask_fact"] else ""
        turn.say(lead + turn.phrase("ask_exchange" if fact == "model" and "更换" in turn.case.demand else f"ask_{fact}"), asks=fact, options=turn.options("skip"))
