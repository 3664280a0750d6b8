"""OpenID Connect, authorization code with PKCE: what we ask of the identity provider, and what we believe of its answer."""
from __future__ import annotations

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt

from bot.desk.settings import Oidc

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")     # never none, never a shared secret
_NEEDED = ("exp", "iat", "iss", "aud", "sub")
_KEEP, _LEEWAY = 3600.0, 60


class SignInFailed(Exception):
    """`code` is what the login page explains: provider_away | not_verified | no_role."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way: what only this browser and we know."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Attempt:
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(64))

    @property
    def challenge(self) -> str:
        return urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for."""

    subject: str
    account: str
    display: str
    role: str


class Provider:
    """The provider's own description and keys are read once an hour."""

    def __init__(self, settings: Oidc, client: httpx.AsyncClient | None = None, *, now: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._client, self._now = settings, client, now
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    async def address(self, attempt: Attempt, redirect: str) -> str:
        """Where the browser goes to sign in."""
        query = {"response_type": "code", "client_id": self._settings.client_id, "redirect_uri": redirect, "scope": self._settings.scope, "state": attempt.state,
                 "nonce": attempt.nonce, "code_challenge": attempt.challenge, "code_challenge_method": "S256"}
        start = (await self._described())["authorization_endpoint"]
        return f"{start}{'&' if '?' in start else '?'}{urlencode(query)}"

    async def identity(self, code: str, attempt: Attempt, redirect: str) -> Identity:
        """Who came back with `code`. SignInFailed for whatever is not beyond doubt."""
        description = await self._described()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": attempt.verifier}
        answer = await self._call("POST", description["token_endpoint"], **self._proof(description, form))
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInFailed("not_verified", "no id_token")
        return self._believed(await self._claims(token, attempt.nonce))

    def _proof(self, description: Mapping[str, Any], form: dict[str, str]) -> dict[str, Any]:
        """Our secret, in the way that the provider takes it."""
        ours = (self._settings.client_id, self._settings.client_secret)
        if "client_secret_basic" in description.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            return {"data": form, "auth": ours}
        return {"data": {**form, "client_id": ours[0], "client_secret": ours[1]}}

    async def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(header)
            claims = jwt.decode(token, key.key, algorithms=[header["alg"]], audience=self._settings.client_id, issuer=(await self._described())["issuer"],
                                leeway=_LEEWAY, options={"require": list(_NEEDED)})
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as exc:
            raise SignInFailed("not_verified", type(exc).__name__) from exc
        if not secrets.compare_digest(str(claims.get("nonce") or ""), nonce):
            raise SignInFailed("not_verified", "another nonce")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._settings.client_id:
            raise SignInFailed("not_verified", "meant for somebody else")
        return claims

    async def _key(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        """The provider's key of that name; a new name may be a new key."""
        if header["alg"] not in _ALGORITHMS:
            raise SignInFailed("not_verified", "algorithm")
        for fresh in (False, True):
            keys = (await self._read("keys", (await self._described())["jwks_uri"], fresh=fresh)).get("keys", [])
            fitting = [k for k in keys if k.get("use", "sig") == "sig" and ("kid" not in header or k.get("kid") == header["kid"])]
            if fitting:
                return jwt.PyJWK.from_dict(fitting[0], algorithm=header["alg"])
        raise SignInFailed("not_verified", "unknown key")

    def _believed(self, claims: Mapping[str, Any]) -> Identity:
        role = next((role for group, role in self._settings.roles.items() if group in _values(claims, self._settings.role_claim)), self._settings.default_role)
        if role is None:
            raise SignInFailed("no_role", "no group of theirs has a role")
        account = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        return Identity(f"{claims['iss']}|{claims['sub']}"[:300], account, str(claims.get("name") or account)[:60], role)

    async def _described(self) -> dict[str, Any]:
        found = await self._read("description", f"{self._settings.issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._settings.issuer or not all(found.get(k) for k in ("authorization_endpoint", "token_endpoint", "jwks_uri")):
            raise SignInFailed("provider_away", "the provider describes itself as somebody else")
        return found

    async def _read(self, what: str, url: str, *, fresh: bool = False) -> dict[str, Any]:
        kept = self._kept.get(what)
        if kept is None or fresh or self._now() - kept[0] > _KEEP:
            kept = self._kept[what] = (self._now(), await self._call("GET", url))
        return kept[1]

    async def _call(self, method: str, url: str, **how: Any) -> dict[str, Any]:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=httpx.Timeout(10.0, connect=5.0), trust_env=False, follow_redirects=False)
        try:
            answer = await self._client.request(method, url, headers={"Accept": "application/json"}, **how)
            body = answer.json()
        except (httpx.HTTPError, ValueError) as exc:
            raise SignInFailed("provider_away", type(exc).__name__) from exc
        if not answer.is_success or not isinstance(body, dict):
            raise SignInFailed("not_verified" if answer.status_code in (400, 401) else "provider_away", f"HTTP {answer.status_code}")
        return body


def _values(claims: Mapping[str, Any], path: str) -> list[str]:
    """A claim by its name, or by a path (realm_access.roles); one value or several."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    return [str(each) for each in found] if isinstance(found, list) else [str(found)] if isinstance(found, (str, int)) else []
