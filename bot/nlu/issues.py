"""All grievances of a message, each with the stretch of text that tells it."""
from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlu.linear import LinearModel

_BREAK = re.compile(r"[,。!?;~\n…、]+|\s{1,}")
_CLEAR = 0.93               # a clause this sure is believed though the whole message drowned it
_BESIDE = 0.65              # a second cause in the very same words must be this sure
_CARRIED, _UNTOLD = 0.8, 0.25       # where some clause clearly tells a cause, one that no clause tells is only an echo of their words together
_STORY = 30                 # characters from which a complaint without a stated cause is not believed
_LONG = 26                  # a run-on without punctuation is looked at in windows of this many characters


@dataclass(frozen=True)
class Issue:
    cause: str
    confidence: float
    start: int
    end: int


@dataclass(frozen=True)
class Thresholds:
    """Tuned on held-out voices; the whole message decides, a clause may add what the whole drowned."""

    whole: float = 0.42
    clause: float = 0.85
    most: int = 4


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans between punctuation, short ones joined to the one before, run-ons cut into overlapping windows."""
    spans: list[tuple[int, int]] = []
    start = 0
    for m in [*_BREAK.finditer(text), None]:
        end = m.start() if m else len(text)
        if end > start:
            if spans and end - start < 5:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        start = m.end() if m else end
    out: list[tuple[int, int]] = []
    for a, b in spans:
        if b - a <= _LONG * 1.6:
            out.append((a, b))
        else:
            out += [(i, min(i + _LONG, b)) for i in range(a, b - _LONG // 2, _LONG // 2)]
    return out[:24]


def find(model: LinearModel, folded: str, whole: dict[str, float], *, complaint: float, thresholds: Thresholds = Thresholds()) -> list[Issue]:
    """`whole`: probabilities for the whole text; `complaint`: probability that the message complains at all."""
    parts = clauses(folded)
    scored = [(span, model.scores_of("issues", folded[slice(*span)])) for span in parts] if len(parts) > 1 else []
    found = []
    for cause, p in whole.items():
        best_span, best = max(((s, d[cause]) for s, d in scored), key=lambda x: x[1], default=((0, len(folded)), p))
        confidence = p
        if p >= thresholds.whole or (best >= thresholds.clause and (p >= 0.05 or best >= _CLEAR) and complaint >= 0.5):
            confidence = max(p, best * 0.9)
            start, end = _grow(best_span, [(s, d[cause]) for s, d in scored]) if scored else (0, len(folded))
            found.append(Issue(cause, round(float(confidence), 3), start, end))
    found.sort(key=lambda i: -i.confidence)
    if any(d[c] >= _CARRIED for _, d in scored for c in d):
        found = [i for i in found if max(d[i.cause] for _, d in scored) >= _UNTOLD]
    spans = [(i.start, i.end) for i in found]
    found = [i for k, i in enumerate(found) if (i.start, i.end) not in spans[:k] or i.confidence >= _BESIDE]
    if [i.cause for i in found] == ["complain_general"] and len(folded) >= _STORY:
        return [_most_likely(scored, whole) or found[0]]
    return found[:thresholds.most]


def _most_likely(scored: list[tuple[tuple[int, int], dict[str, float]]], whole: dict[str, float]) -> Issue | None:
    """Who tells a whole story tells a cause: the likeliest one that the clauses point at."""
    best = max(((max(whole[c], d[c]), c, s) for s, d in scored for c in d if c not in ("complain_general", "complain_bot")), default=None)
    return Issue(best[1], round(best[0], 3), *best[2]) if best and best[0] >= 0.15 else None


def _grow(best: tuple[int, int], scored: list[tuple[tuple[int, int], float]]) -> tuple[int, int]:
    """Join the neighbours that tell the same cause."""
    start, end = best
    i = next(k for k, (s, _) in enumerate(scored) if s == best)
    for k in range(i + 1, len(scored)):
        if scored[k][1] < 0.5:
            break
        end = max(end, scored[k][0][1])
    for k in range(i - 1, -1, -1):
        if scored[k][1] < 0.5:
            break
        start = min(start, scored[k][0][0])
    return start, end
