"""Answer a question from the knowledge base, with its source; without a basis say so and offer a person."""
from actions.step import StepAction, Turn
from kb_connector.errors import ConnectorError


class Answer(StepAction):
    """One article; the conversation then returns to where it was."""

    step = "answer"

    async def act(self, turn: Turn) -> None:
        knowledge = turn.records.knowledge
        try:
            hits = knowledge.search(turn.case.message, limit=1)
        except ConnectorError:
            hits = []
        if hits and hits[0].score >= knowledge.FLOOR:
            hit = hits[0]
            turn.say(hit.answer, turn.phrase("answer_source", source=hit.source), sources=[hit.id])
            return
        knowledge.log_miss(turn.case.message)
        turn.say(turn.phrase("answer_none"), options=turn.options("human"))
