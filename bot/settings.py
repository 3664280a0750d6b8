"""Settings: one frozen value per process, read once from `TINGSU_*` variables and a `.env` file."""
from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Mapping

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting is wrong; the message names it and says what would be right."""


@dataclass(frozen=True)
class Settings:
    """`now` fixes the clock (tests); `redis_url` None keeps everything in this process."""

    var_dir: Path
    database_url: str
    redis_url: str | None
    api_token: str
    policy_dir: Path | None
    now: datetime | None
    rate_limits: bool
    visitor_key: str
    allowed_origins: tuple[str, ...]
    idle_minutes: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read `environment` (the process's by default) over `.env`; SettingsError for what cannot be used."""
        given = {**_dotenv(ROOT / ".env"), **(os.environ if environment is None else environment)}
        var = Path(given.get("TINGSU_VAR_DIR") or ROOT / "var").resolve()
        policy = given.get("TINGSU_POLICY_DIR")
        if policy and not Path(policy).is_dir():
            raise SettingsError(f"TINGSU_POLICY_DIR: no folder {policy}")
        return cls(
            var_dir=var, database_url=_database(given.get("TINGSU_DATABASE_URL") or f"sqlite:///{var / 'tingsu.db'}"),
            redis_url=given.get("TINGSU_REDIS_URL") or None, api_token=given.get("TINGSU_API_TOKEN") or _kept(var / "api_token"),
            policy_dir=Path(policy) if policy else None, now=_moment(given.get("TINGSU_NOW")), rate_limits=given.get("TINGSU_RATE_LIMITS", "on") != "off",
            visitor_key=given.get("TINGSU_VISITOR_KEY") or _kept(var / "visitor_key"),
            allowed_origins=tuple(o.strip() for o in given.get("TINGSU_ALLOWED_ORIGINS", "").split(",") if o.strip()),
            idle_minutes=_whole(given, "TINGSU_IDLE_MINUTES", 30))

    def clock(self) -> datetime:
        """Now in Asia/Shanghai, or the fixed moment."""
        return self.now or datetime.now(SHANGHAI)


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line and not line.lstrip().startswith("#"))
    return {k.strip(): v.strip().strip("\"'") for k, v in pairs}


def _database(url: str) -> str:
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url[len(short):]
    if not url.startswith(("sqlite:", "postgresql+psycopg:")):
        raise SettingsError("TINGSU_DATABASE_URL: needs sqlite:///… or postgresql://…")
    return url


def _kept(path: Path) -> str:
    """A secret made once and kept readable for its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32))
        except FileExistsError:
            pass
    return path.read_text(encoding="ascii").strip()


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"TINGSU_NOW: {text!r} is no ISO 8601 moment") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _whole(given: Mapping[str, str], key: str, default: int) -> int:
    try:
        return int(given.get(key) or default)
    except ValueError:
        raise SettingsError(f"{key}: {given[key]!r} is no whole number") from None
