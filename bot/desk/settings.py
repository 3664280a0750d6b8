"""Settings of the desk: `TINGSU_ONCALL_*` and `TINGSU_OIDC_*`. What has none is off."""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.desk.rules import load_roles
from bot.settings import ROOT, SettingsError, _dotenv

_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class OnCall:
    """Where the gravest conversations are reported to, and the secret that signs the report."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Oidc:
    """The company's identity provider. `roles`: value of `role_claim` → role of the desk; who has none of them gets `default_role`, or is refused."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "企业账号"                 # what the button says
    scope: str = "openid profile"
    role_claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=dict)
    default_role: str | None = None
    redirect_url: str | None = None       # needed behind a proxy that changes the address


@dataclass(frozen=True)
class DeskSettings:
    oncall: OnCall | None = None
    oidc: Oidc | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> DeskSettings:
        """From `environment` (the process's over `.env` by default); SettingsError names the variable that is wrong."""
        given = {**_dotenv(ROOT / ".env"), **os.environ} if environment is None else environment
        return cls(_oncall(given), _oidc(given))


def _oncall(given: Mapping[str, str]) -> OnCall | None:
    if not given.get("TINGSU_ONCALL_URL"):
        return None
    return OnCall(_address("TINGSU_ONCALL_URL", given["TINGSU_ONCALL_URL"]), _needed(given, "TINGSU_ONCALL_SECRET", "signs what is posted to TINGSU_ONCALL_URL"))


def _oidc(given: Mapping[str, str]) -> Oidc | None:
    if not given.get("TINGSU_OIDC_ISSUER"):
        return None
    issuer = _address("TINGSU_OIDC_ISSUER", given["TINGSU_OIDC_ISSUER"], secure=True).rstrip("/")
    redirect = given.get("TINGSU_OIDC_REDIRECT_URL")
    return Oidc(issuer, _needed(given, "TINGSU_OIDC_CLIENT_ID", "names us to the provider"), _needed(given, "TINGSU_OIDC_CLIENT_SECRET", "proves us to the provider"),
                given.get("TINGSU_OIDC_NAME") or Oidc.name, given.get("TINGSU_OIDC_SCOPE") or Oidc.scope, given.get("TINGSU_OIDC_ROLE_CLAIM") or Oidc.role_claim,
                _roles(given.get("TINGSU_OIDC_ROLES", "")), _role("TINGSU_OIDC_DEFAULT_ROLE", given.get("TINGSU_OIDC_DEFAULT_ROLE")),
                _address("TINGSU_OIDC_REDIRECT_URL", redirect, secure=True) if redirect else None)


def _roles(text: str) -> dict[str, str]:
    """`complaints-team=agent,complaints-leads=lead`."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if wrong := [name for name, equals, role in pairs if not equals or not name.strip()]:
        raise SettingsError(f"TINGSU_OIDC_ROLES: {wrong[0]!r} needs the form group=role")
    return {name.strip(): str(_role("TINGSU_OIDC_ROLES", role.strip())) for name, _, role in pairs}


def _role(key: str, role: str | None) -> str | None:
    if role and role not in load_roles():
        raise SettingsError(f"{key}: {role!r} is none of {', '.join(load_roles())}")
    return role or None


def _needed(given: Mapping[str, str], key: str, why: str) -> str:
    if not given.get(key):
        raise SettingsError(f"{key}: is missing; it {why}")
    return given[key]


def _address(key: str, url: str, *, secure: bool = False) -> str:
    """`secure`: https, but on this machine itself."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise SettingsError(f"{key}: needs an address such as https://example.com/path")
    if secure and parts.scheme != "https" and parts.hostname not in _LOCAL:
        raise SettingsError(f"{key}: needs https")
    return url
