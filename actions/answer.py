"""Answer a question from the knowledge base, with its source; without a basis say so and offer a person."""
from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from actions.step import StepAction, Turn
from kb_connector.errors import ConnectorError
from kb_connector.knowledge.article import Hit

_SECTORS = Path(__file__).parent.parent / "bot/dialogue/sectors.yml"
_NEAR = .7                  # an answer this close to the best may go before it


class Answer(StepAction):
    """One article; the conversation then returns to where it was."""

    step = "answer"

    async def act(self, turn: Turn) -> None:
        knowledge = turn.records.knowledge
        try:
            hit = _fitting(turn, [h for h in knowledge.search(turn.case.message, limit=5) if h.score >= knowledge.FLOOR])
        except ConnectorError:
            hit = None
        if hit:
            turn.say(hit.answer, turn.phrase("answer_source", source=hit.source), sources=[hit.id])
            return
        knowledge.log_miss(turn.case.message)
        turn.say(turn.phrase("answer_none"), options=turn.options("human"))


def _fitting(turn: Turn, hits: list[Hit]) -> Hit | None:
    """The best that holds here: another line of business answers only when nothing of our own is near."""
    near = [h for h in hits if h.score >= _NEAR * hits[0].score]
    return next((h for h in near if _holds_here(turn, turn.records.knowledge.get(h.id).category)), near[0] if near else None)


def _holds_here(turn: Turn, category: str) -> bool:
    sector = _sectors().get(category)
    said = " ".join([turn.case.message, *(t["text"] for t in turn.case.told)])
    return sector is None or bool(set(sector["causes"]) & set(turn.case.causes) or re.search(sector["words"], said))


@lru_cache(maxsize=1)
def _sectors() -> dict[str, dict]:
    return yaml.safe_load(_SECTORS.read_text(encoding="utf-8"))
