"""Note what the customer thinks of the options; acceptance is a preference until a person confirms it."""
from actions.step import StepAction, Turn
from kb_connector.errors import ConnectorError


class TakeChoice(StepAction):
    """Chosen, declined with a counter-wish, or still thinking."""

    step = "take_choice"

    async def act(self, turn: Turn) -> None:
        case = turn.case
        label = next((o["label"] for o in case.proposed if o["id"] == case.chosen), "")
        opinion = {"chosen": "accept", "countered": case.opinion or "decline", "undecided": "undecided"}[case.act]
        if case.ticket and case.act != "undecided":
            try:
                turn.records.tickets.choose_remedy(case.ticket, case.chosen, actor="customer", opinion=opinion)
            except ConnectorError:
                opinion = ""
        case.pending = None
        if case.act == "chosen":
            turn.say(turn.phrase("choice_taken_anonymous" if case.anonymous else "choice_taken", option=label, number=case.ticket))
        elif case.act == "countered":
            turn.say(turn.phrase("choice_countered", number=case.ticket), options=turn.options("human"))
        else:
            turn.say(turn.phrase("choice_later", number=case.ticket))
