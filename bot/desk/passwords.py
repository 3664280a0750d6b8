"""Passwords: Argon2id, and one-time ones that a person can hand over."""
from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)      # OWASP's second Argon2id profile


def one_time() -> str:
    return secrets.token_urlsafe(12)


def hashed(password: str) -> str:
    return _HASHER.hash(password)


def matches(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except (Argon2Error, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def nobodys() -> str:
    """Checked for an unknown name, so that refusing it takes as long as refusing a known one."""
    return hashed(secrets.token_urlsafe(16))
