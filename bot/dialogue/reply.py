"""What the dialogue engine answers: bubbles, each with the contract's metadata."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection


@dataclass(frozen=True)
class Reply:
    text: str
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """The bubbles for one message. `keep` writes what the dialogue remembers of the turn; whoever keeps the replies calls it in the same
    transaction, so that a crash leaves both or none."""

    replies: list[Reply]
    keep: Callable[[Connection], None] | None = None
