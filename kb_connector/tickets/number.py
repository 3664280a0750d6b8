"""Ticket numbers: the day, then letters and digits that cannot be mistaken for one another, nor guessed."""
from __future__ import annotations

import secrets
from datetime import datetime

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_number(now: datetime) -> str:
    return f"C{now:%y%m%d}" + "".join(secrets.choice(ALPHABET) for _ in range(5))


def folded(number: str) -> str:
    """The number as stored, however it was typed (full-width, lower case, spaces)."""
    half = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in str(number))
    return "".join(half.split()).upper()
