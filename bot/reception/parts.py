"""What a push channel sends in one call: replies joined to save quota, and split where they are too long."""
from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

_JOINER, _ENDS = "\u200d", "。！？；\n.!?;"


@dataclass(frozen=True)
class Part:
    """One call to the platform. `covers` are the transcript's rows that it carries."""

    actor: str
    text: str
    options: tuple[dict[str, str], ...] = ()
    attachment: dict[str, Any] | None = None
    covers: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"actor": self.actor, "text": self.text, "options": list(self.options), "attachment": self.attachment, "covers": list(self.covers)}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Part:
        return cls(row["actor"], row["text"], tuple(row["options"]), row["attachment"], tuple(row["covers"]))


def size(text: str) -> int:
    """Bytes as platforms count them."""
    return len(text.encode("utf-8", "replace"))


def split(text: str, most: int) -> list[str]:
    """Pieces of at most `most` bytes; never inside a character or an emoji, after a sentence where one ends late enough."""
    pieces: list[str] = []
    while size(text) > most:
        end = _fitting(text, most)
        late = max((text.rfind(mark, end // 2, end) for mark in _ENDS), default=-1)
        cut = late + 1 if late > 0 else _whole(text, end)
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text] if text or not pieces else pieces


def _fitting(text: str, most: int) -> int:
    """How many characters fit into `most` bytes; at least one."""
    return max(1, len(text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")))


def _whole(text: str, end: int) -> int:
    """The last place at or before `end` that leaves every emoji whole."""
    for cut in range(end, max(0, end - 40), -1):
        if not _continues(text, cut):
            return cut
    return end


def _continues(text: str, at: int) -> bool:
    """Does the character at `at` belong to the one before it?"""
    after, before = text[at], text[at - 1]
    if before == _JOINER or after == _JOINER or unicodedata.combining(after) or "\ufe00" <= after <= "\ufe0f" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    return "\U0001f1e6" <= after <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff"


def coalesce(parts: Iterable[Part], most: int) -> list[Part]:
    """As few parts as the limit allows, in order; one speaker per part, and options stay at the end of theirs."""
    made: list[Part] = []
    for part in parts:
        last = made[-1] if made else None
        if last and _joinable(last, part, most):
            made[-1] = replace(last, text=f"{last.text}\n\n{part.text}", options=part.options, covers=tuple(dict.fromkeys(last.covers + part.covers)))
        else:
            made += _within(part, most)
    return made


def _joinable(first: Part, then: Part, most: int) -> bool:
    plain = not (first.options or first.attachment or then.attachment)
    return plain and first.actor == then.actor and size(first.text) + size(then.text) + 2 <= most


def _within(part: Part, most: int) -> list[Part]:
    pieces = split(part.text, most)
    return [replace(part, text=piece, options=part.options if piece is pieces[-1] else (), attachment=part.attachment if piece is pieces[0] else None)
            for piece in pieces]


def numbered(text: str, options: Sequence[dict[str, str]]) -> str:
    """Options for a channel without buttons: the customer answers with the number."""
    return "\n".join([text, *(f"{n}. {o['label']}" for n, o in enumerate(options, 1))]) if options else text
