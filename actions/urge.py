"""The customer urges: note it on the ticket and say what is due."""
from actions.step import StepAction, Turn


class Urge(StepAction):
    """With a ticket: written down and shown to its owner. Without one: go on quickly."""

    step = "urge"

    async def act(self, turn: Turn) -> None:
        if not turn.case.ticket:
            turn.say(turn.phrase("urge_before"))
            return
        turn.records.tickets.note(turn.case.ticket, actor="customer", what="urged", note=turn.case.message[:500])
        due = turn.records.tickets.get(turn.case.ticket).as_json()["due"]
        turn.say(turn.phrase("urged", number=turn.case.ticket, due=turn.coming(due)))
