"""What a finder gives back: the piece of text, the name and the value."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterable


@dataclass(frozen=True)
class Span:
    """`start`/`end` index the text as sent; `value` is the normalised form or None for a vague one."""

    entity: str
    start: int
    end: int
    value: Any
    confidence: float = 1.0
    extractor: str = "rules"
    extra: dict[str, Any] = field(default_factory=dict)

    def as_entity(self, text: str) -> dict[str, Any]:
        return {"entity": self.entity, "start": self.start, "end": self.end, "text": text[self.start:self.end], "value": self.value,
                "confidence": self.confidence, "extractor": self.extractor, **self.extra}


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Keep the earlier-listed span wherever two overlap; the result is in text order."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= k.start or span.start >= k.end for k in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
