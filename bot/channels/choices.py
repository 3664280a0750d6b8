"""Answers typed instead of clicked: a number or the label of an option that was just offered. Pure."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from bot.reception.transcript import Message

_NUMBER = re.compile(r"(?:选|第)?([1-9]\d?)[.、。号个项]?")


def offered(latest: Sequence[Message]) -> list[dict[str, Any]]:
    """The options of the newest reply that stands at the end of a conversation; none once the customer spoke about something else."""
    for message in reversed(latest):
        if message.actor == "customer":
            return []
        if options := (message.metadata or {}).get("options"):
            return list(options)
    return []


def picked(text: str, options: Sequence[dict[str, Any]]) -> str | None:
    """The id of the option that `text` names."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    if (number := _NUMBER.fullmatch(wanted)) and int(number[1]) <= len(options):
        return options[int(number[1]) - 1]["id"]
    return next((o["id"] for o in options if o["label"].strip() == wanted), None)
