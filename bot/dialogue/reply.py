"""What the dialogue engine answers: bubbles, each with the contract's metadata."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One bubble of the bot."""

    text: str
    metadata: dict[str, Any] = field(default_factory=dict)
