"""`tingsu nlu explain`: why a message was understood as it was, for the people who write training data."""
from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from bot.commands.train import model_path
from bot.nlu import concepts
from bot.nlu.cues import cues
from bot.nlu.features import segment
from bot.nlu.linear import LinearModel
from bot.nlu.normalise import fold
from bot.nlu.understand import Understander
from bot.settings import Settings

_KINDS = {"w:": "word", "c:": "cue", "i:": "cue of", "k:": "concept"}


def explain(settings: Settings, text: str, *, console: Console | None = None) -> None:
    """Print everything that decided: words, concepts and cues, the likeliest intents with what speaks for them, every issue with its words.
    Raises NoModel."""
    out = console or Console(soft_wrap=True)
    reader, folded = Understander.unpacked(model_path(settings)), fold(text)
    parsed = reader.parse(text, settings.clock())
    scores = reader.model.scores(folded)
    if folded != text:
        out.print(f"read as    {folded}", highlight=False)
    out.print(f"words      {' / '.join(segment(folded))}", highlight=False)
    out.print(f"concepts   {'  '.join(f'{folded[a:b]}={chr(44).join(names)}' for a, b, names in concepts.find(folded)) or '-'}", highlight=False)
    out.print(f"cues       {'  '.join(dict.fromkeys(cues().find(folded))) or '-'}", highlight=False)
    out.print(f"complains  {scores['grievance']['told']:.2f}", highlight=False)
    out.print(_intents(reader.model, folded, parsed))
    out.print(_issues(reader.model, folded, parsed, text))
    if parsed["entities"]:
        out.print(_entities(parsed))
    risks = "  ".join(f"{r['name']} {r['confidence']:.2f} 「{r['text']}」" for r in parsed["risks"]) or "-"
    out.print(f"emotion    {parsed['emotion']['label']} {parsed['emotion']['score']:.2f}\nrisks      {risks}", highlight=False)


def speaking(model: LinearModel, head: str, label: str, folded: str, *, most: int = 8) -> list[tuple[str, float]]:
    """The features of `folded` that weigh most for (or against) a label, strongest first: (feature, its part of the margin)."""
    columns, values = model.vocabulary.vector(folded)
    place = model.heads[head].first + model.heads[head].labels.index(label)
    names = list(model.vocabulary.index)
    parts = [(names[c], float(v) * float(model.weights.bytes[c, place]) * float(model.weights.scales[place])) for c, v in zip(columns, values)]
    return sorted(parts, key=lambda part: -abs(part[1]))[:most]


def _intents(model: LinearModel, folded: str, parsed: dict[str, Any]) -> Table:
    table = Table("intent", "p", "what speaks for it (+) and against it (-)", title="intents", title_justify="left")
    for row in parsed["intent_ranking"][:4]:
        table.add_row(row["name"], f"{row['confidence']:.2f}", _said(speaking(model, "intent", row["name"], folded)))
    return table


def _issues(model: LinearModel, folded: str, parsed: dict[str, Any], text: str) -> Table:
    table = Table("cause", "p", "told in", "what speaks for it", title="issues", title_justify="left")
    for row in parsed["issues"]:
        part = slice(row["start"], row["end"])
        table.add_row(row["cause"], f"{row['confidence']:.2f}", text[part], _said(speaking(model, "issues", row["cause"], folded[part])))
    return table


def _entities(parsed: dict[str, Any]) -> Table:
    table = Table("entity", "words", "value", "found by", title="entities", title_justify="left")
    for row in parsed["entities"]:
        table.add_row(row["entity"], row["text"], str(row["value"]), row["extractor"])
    return table


def _said(parts: list[tuple[str, float]]) -> str:
    return "  ".join(f"{_named(feature)} {weight:+.2f}" for feature, weight in parts)


def _named(feature: str) -> str:
    kind = _KINDS.get(feature[:2])
    return f"{kind} {feature[2:]}" if kind else f"「{feature}」"
