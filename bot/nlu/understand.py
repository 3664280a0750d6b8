"""Everything the NLU says about one message, in one pass: the value behind `/model/parse` and behind Rasa's component."""
from __future__ import annotations

import re
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.nlu import amounts, emotions, identifiers, issues, naming, risks, times, wishes
from bot.nlu.lexicon import Lexicon
from bot.nlu.linear import LinearModel
from bot.nlu.normalise import fold
from bot.nlu.span import Span, without_overlaps
from bot.nlu.tagger import Tagger

MODEL, TAGGER = "linear.zip", "entities.crf"
UNSURE = 0.18               # below this the best intent is a guess
TOLD, SURELY = 0.75, 0.9    # a cause told all the same; a cause beyond doubt
HARDLY = 0.5                # below this a message tells no grievance, whatever words of complaint are in it
_HARMLESS = ("suggest_or_praise", "chitchat", "out_of_scope", "ask_product", "ask_policy", "ask_how_to_complain", "thank", "greet")
_WISHES = re.compile(r"(?:我)?(?:就|只)?(?:要|想|请|给我|要求|希望)")


class NoModel(RuntimeError):
    """There is no trained model; the message names the command that makes one."""

    def __init__(self, why: str = "no trained model") -> None:
        super().__init__(f"{why}: run ./tingsu train")


@dataclass(frozen=True)
class Understander:
    """The trained parts; thread-safe for reading."""

    model: LinearModel
    tagger: Tagger
    lexicon: Lexicon

    @classmethod
    def load(cls, folder: Path) -> Understander:
        """From the folder that training wrote."""
        return cls(LinearModel.load(folder / MODEL), Tagger.load(folder / TAGGER), Lexicon.load())

    @classmethod
    def unpacked(cls, archive: Path) -> Understander:
        """From Rasa's model archive, without Rasa. Raises NoModel."""
        if not archive.is_file():
            raise NoModel
        with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as packed:
            for member in packed.getmembers():
                if (name := Path(member.name).name) in (MODEL, TAGGER):
                    Path(folder, name).write_bytes(packed.extractfile(member).read())            # type: ignore[union-attr]
            return cls.load(Path(folder))

    def parse(self, text: str, now: datetime, *, asked: str | None = None) -> dict[str, Any]:
        """The contract's shape (DESIGN §5). `now` is aware, Asia/Shanghai; any string is answered in bounded time."""
        text = text.encode("utf-8", "replace").decode("utf-8") if any("\ud800" <= c <= "\udfff" for c in text) else text
        head = text[:4000]
        folded = fold(head)
        if not folded.strip():
            return _nothing(text)
        scores = self.model.scores(folded)
        ranking = sorted(scores["intent"].items(), key=lambda x: -x[1])
        complaint = scores["grievance"]["told"]
        harmless = sum(scores["intent"].get(name, 0.0) for name in _HARMLESS)
        found_risks = risks.find(folded, scores["risks"], harmless=harmless, meaning=scores["issues"] | scores["intent"])
        grievances = issues.find(self.model, folded, scores["issues"], complaint=complaint) if complaint >= 0.3 or ranking[0][0] in _WITH_GRIEVANCE else []
        ranking = _settled(ranking, grievances, complaint, scores["issues"])
        if ranking[0][0].startswith("complain_") and ranking[0][1] >= UNSURE and all(g.cause != ranking[0][0] for g in grievances):
            grievances += [issues.Issue(ranking[0][0], round(ranking[0][1], 3), 0, len(folded))]
        spans = _joined([*identifiers.find(folded, head)], self._spans(folded, now, ranking[0][0], asked, scores["demands"]))
        if _is_bare_wish(folded, spans) and ranking[0][0].startswith("complain_"):
            ranking, grievances = [("provide_demand", ranking[0][1]), *[r for r in ranking if r[0] != "provide_demand"]], []
        emotion, strength = emotions.read(scores["emotion"], folded, {r.name: r.confidence for r in found_risks})
        return {
            "text": text, "intent": {"name": ranking[0][0], "confidence": round(ranking[0][1], 4)},
            "intent_ranking": [{"name": n, "confidence": round(p, 4)} for n, p in ranking[:10]],
            "entities": [s.as_entity(head) for s in spans],
            "issues": [{"cause": i.cause, "confidence": i.confidence, "start": i.start, "end": i.end} for i in grievances],
            "emotion": {"label": emotion, "score": round(strength, 3)},
            "risks": [{"name": r.name, "confidence": r.confidence, "text": r.text} for r in found_risks]}

    @staticmethod
    def _likely_wishes(folded: str, likely: dict[str, float]) -> list[Span]:
        """No words that the rules know: the model's class, for the whole message."""
        best = max(likely, key=lambda k: likely[k], default=None)
        return [Span("demand", 0, len(folded), best, round(likely[best], 3), "linear")] if best and likely[best] >= 0.4 else []

    def _spans(self, folded: str, now: datetime, intent: str, asked: str | None, likely: dict[str, float]) -> list[Span]:
        timed = list(times.find(folded, now, future=intent == "callback_time"))
        money = list(amounts.find(folded))
        rating = intent == "rate" or asked == "rating" or len(folded) <= 8
        counted = [s for s in money if s.entity != "rating" or rating]
        if rating:
            counted.sort(key=lambda s: s.entity != "rating")
        named = naming.chosen(folded, [*self.lexicon.find(folded), *self.tagger.find(folded)], intent, asked=asked)
        wanted = list(wishes.find(folded, asked=intent == "provide_demand" or asked == "demand"))
        wants = wanted or (self._likely_wishes(folded, likely) if intent == "provide_demand" or asked == "demand" else [])
        return [*without_overlaps([*timed, *counted, *named]), *wants]


_WITH_GRIEVANCE = ("dissatisfied_result", "threat_external", "group_complaint", "evidence", "provide_demand", "urge", "abuse", "vulnerable_user", "self_harm",
                   "violence_threat", "ask_human", "provide_facts")


def _settled(ranking: list[tuple[str, float]], grievances: list[issues.Issue], complaint: float, causes: dict[str, float]) -> list[tuple[str, float]]:
    """A message that surely complains is a complaint, though its probability is spread over many causes; one that hardly does is none."""
    top, likeliest = ranking[0], max(((c, p) for c, p in causes.items() if _is_cause(c)), key=lambda cause: cause[1])
    if top[0] == "complain_bot" and likeliest[1] >= max(SURELY, causes.get(top[0], 0.0)):      # 我要的黑色你给我发白的: not what this bot answered
        return [(likeliest[0], top[1]), *[r for r in ranking if r[0] != likeliest[0]]]
    if _is_cause(top[0]) and complaint < HARDLY and likeliest[1] < TOLD:
        other = next(r for r in ranking if not _is_cause(r[0]))
        return [(other[0], max(other[1], 1 - complaint - 0.3)), *[r for r in ranking if r[0] != other[0]]]
    if grievances and not top[0].startswith("complain_") and complaint > max(0.5, top[1] * 1.3):
        best = next((r for r in ranking if r[0] == grievances[0].cause), None)
        if best:
            return [(best[0], complaint * 0.9), *[r for r in ranking if r[0] != best[0]]]
    return ranking


def _is_cause(intent: str) -> bool:
    return intent.startswith("complain_") and intent != "complain_bot"


def _is_bare_wish(folded: str, spans: list[Span]) -> bool:
    """我要退款: nothing but what is wanted."""
    return len(folded) <= 8 and bool(_WISHES.match(folded)) and any(s.entity == "demand" for s in spans)


def _joined(fixed: list[Span], others: list[Span]) -> list[Span]:
    """Identifiers beat numbers and names; a wish may contain any of them."""
    wishes_ = [s for s in others if s.entity == "demand"]
    return sorted([*without_overlaps([*fixed, *(s for s in others if s.entity != "demand")]), *wishes_], key=lambda s: (s.start, s.end))


def _nothing(text: str) -> dict[str, Any]:
    return {"text": text, "intent": {"name": "out_of_scope", "confidence": 0.0}, "intent_ranking": [], "entities": [], "issues": [],
            "emotion": {"label": "calm", "score": 1.0}, "risks": []}
