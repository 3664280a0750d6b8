"""The two values every channel speaks: what comes in and what goes out."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

MOST = 20_000               # characters kept of one message
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]|\x1b\[[0-9;]*[A-Za-z]")
_CHOICE = re.compile(r"human|continue|skip|(?:confirm|consent):(?:yes|no)|option:[\w-]{1,60}|rate:[0-5]")


@dataclass(frozen=True)
class Inbound:
    """One message as a channel hands it over. `external` is the channel's own id, the key for duplicates."""

    conversation: str
    text: str
    channel: str
    external: str | None = None
    choice: str | None = None
    attachment: dict[str, Any] | None = None
    context: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, conversation: str, text: str, channel: str, **more: Any) -> Inbound:
        """Fold what nobody can see; a message that is a button's payload becomes that choice."""
        clean = seen(text)
        if more.get("choice") is None and _CHOICE.fullmatch(clean):
            more["choice"] = clean
        return cls(conversation, clean, channel, **more)


def seen(text: str) -> str:
    """`text` without control, zero-width and direction characters, cut at the most that is kept."""
    return _UNSEEN.sub("", text).strip()[:MOST]
