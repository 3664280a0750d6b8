"""Ask for one missing fact."""
from actions.step import StepAction, Turn
from bot.dialogue.summary import cause_name


class AskFact(StepAction):
    """The question for `case.pending`, worded anew each time it is asked."""

    step = "ask_fact"

    async def act(self, turn: Turn) -> None:
        case = turn.case
        fact = case.pending or "what_happened"
        if fact == "what_happened" and case.guessed and case.issues[0].rival:
            self._which(turn)
            return
        again = case.asked.get(fact, 0) > 1
        lead = turn.phrase("asking_again") if again and case.done[:1] == ["ask_fact"] else ""
        turn.say(lead + turn.phrase("ask_exchange" if fact == "model" and "更换" in case.demand else f"ask_{fact}"), asks=fact, options=turn.options("skip"))

    def _which(self, turn: Turn) -> None:
        """Two causes are likely: the customer says which."""
        likely = (turn.case.issues[0].cause, turn.case.issues[0].rival)
        buttons = [{"id": f"cause:{c}", "label": cause_name(c)} for c in likely]
        turn.say(turn.phrase("ask_which", one=buttons[0]["label"], other=buttons[1]["label"]), asks="what_happened", options=[*buttons, *turn.options("skip")])
