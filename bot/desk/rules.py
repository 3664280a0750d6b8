"""Timers, limits and roles of the desk, read from YAML once."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import yaml

PERMISSIONS = ("chat", "tickets", "knowledge", "reveal", "canned", "stats", "audit", "staff")


@dataclass(frozen=True)
class Role:
    name: str
    may: tuple[str, ...]
    lead: bool = False


@dataclass(frozen=True)
class Rules:
    wait_minutes: int
    skill_minutes: int
    ring_seconds: int
    accept_seconds: int
    unseen_seconds: int
    wrap_up_minutes: int
    minutes_per_chat: int
    auto_assign: bool
    failures: int
    locked_minutes: int
    session_hours: int
    idle_hours: int
    password_length: int


@lru_cache(maxsize=None)
def load_rules(path: Path = Path(__file__).with_name("rules.yml")) -> Rules:
    """ValueError names the file and the wrong key."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {each.name: each.type for each in fields(Rules)}
    for key in (*known, *raw):
        if key not in raw or key not in known:
            raise ValueError(f"{path.name}: {key}: {'missing' if key not in raw else 'unknown'}")
        if key != "auto_assign" and (not isinstance(raw[key], int) or raw[key] < 1):
            raise ValueError(f"{path.name}: {key}: {raw[key]!r} is no whole number above 0")
    return Rules(**raw)


@lru_cache(maxsize=None)
def load_roles(path: Path = Path(__file__).with_name("roles.yml")) -> Mapping[str, Role]:
    roles = yaml.safe_load(path.read_text(encoding="utf-8"))["roles"]
    for code, role in roles.items():
        for permission in role["may"]:
            if permission not in PERMISSIONS:
                raise ValueError(f"{path.name}: {code}: unknown permission {permission!r}")
    return {code: Role(role["name"], tuple(role["may"]), role.get("lead", False)) for code, role in roles.items()}
