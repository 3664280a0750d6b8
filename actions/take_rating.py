"""Keep the customer's score."""
from actions.step import StepAction, Turn
from kb_connector.errors import ConnectorError


class TakeRating(StepAction):
    """0..5 onto the ticket; a low one is taken seriously, not argued with."""

    step = "take_rating"

    async def act(self, turn: Turn) -> None:
        score = turn.case.rating
        if score is None:
            turn.say(turn.phrase("rating_ask"), asks="rating", options=[{"id": f"rate:{n}", "label": "★" * n} for n in (5, 4, 3, 2, 1)])
            turn.case.pending = "rating"
            return
        if turn.case.ticket:
            try:
                turn.records.tickets.rate(turn.case.ticket, score, actor="customer")
            except ConnectorError:
                turn.records.tickets.note(turn.case.ticket, actor="customer", what="rated", note=str(score))
        turn.case.pending = None
        turn.say(turn.phrase("rated_low" if score <= 3 else "rated_high"), options=turn.options("human") if score <= 2 else ())
