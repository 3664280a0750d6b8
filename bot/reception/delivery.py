"""What a courier promises, and how it says that a message did not go out.

    DeliveryFailed
    ├── SendLater        try again after a while (`certain`: it surely was not sent)
    ├── WaitForCustomer  keep it until the customer writes again
    ├── Undeliverable    nobody will ever read it there
    └── ChannelBroken    the account is set up wrongly: an operator must look; kept and tried again rarely
"""
from __future__ import annotations

import random
from typing import Protocol

from bot.reception.parts import Part
from bot.reception.quota import Limits


class DeliveryFailed(Exception):
    """Base of what a courier may raise; the message is a short reason without customer's words."""


class SendLater(DeliveryFailed):
    def __init__(self, reason: str, *, after: float | None = None, certain: bool = True) -> None:
        super().__init__(reason)
        self.after, self.certain = after, certain


class WaitForCustomer(DeliveryFailed):
    def __init__(self, reason: str, *, exhausted: bool = False) -> None:
        super().__init__(reason)
        self.exhausted = exhausted


class Undeliverable(DeliveryFailed): ...


class ChannelBroken(DeliveryFailed): ...


class Courier(Protocol):
    """One platform's sender. `limits` None: no quota; `more` is what the customer reads when the rest must wait for them."""

    most_bytes: int
    limits: Limits | None
    more: str

    async def send(self, conversation: str, part: Part, *, msgid: str) -> None:
        """One call; raises DeliveryFailed."""


def pause(attempts: int) -> float:
    """Seconds until the next try: growing, at most five minutes, never in step with others."""
    return min(300.0, 2.0 ** min(attempts, 9)) * (0.5 + random.random() / 2)
