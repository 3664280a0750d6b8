"""Who a visitor is, where the company's own site says so: a JWT (HS256) that the site signs for its signed-in customer.

The same customer has the same conversation on every device; without the site's word nobody opens it.
"""
from __future__ import annotations

import hashlib
from dataclasses import dataclass

import jwt

_LONGEST, _LEEWAY = 4096, 60
PREFIX = "web-c-"


@dataclass(frozen=True)
class Customer:
    """`subject` is the company's own number for the customer."""

    subject: str
    name: str | None = None

    @property
    def conversation(self) -> str:
        return PREFIX + hashlib.sha256(self.subject.encode()).hexdigest()[:32]

    @property
    def context(self) -> dict[str, str]:
        """For staff, as any other context of the page."""
        return {"customer": self.subject[:200]} | ({"customer_name": self.name[:80]} if self.name else {})


class Identities:
    """`secret` None: nobody is known by name."""

    def __init__(self, secret: str | None) -> None:
        self._secret = secret

    def read(self, token: object) -> Customer | None:
        """The customer of a genuine token that has not expired; None for anything else."""
        if not (self._secret and isinstance(token, str) and len(token) <= _LONGEST):
            return None
        try:
            claims = jwt.decode(token, self._secret, algorithms=["HS256"], leeway=_LEEWAY, options={"require": ["exp", "sub"], "verify_aud": False})
        except (jwt.InvalidTokenError, ValueError):
            return None
        subject, name = claims["sub"], claims.get("name")
        return Customer(subject, name if isinstance(name, str) else None) if isinstance(subject, str) and subject else None
