"""A small identity provider in memory: describes itself, gives codes away, and checks what is shown for them."""
from __future__ import annotations

import base64
import hashlib
import json
import time
from urllib.parse import parse_qs

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER, CLIENT, SECRET = "https://id.example", "tingsu-desk", "client-secret"


class Issuer:
    """`lie` changes the claims before they are signed; a `forger` signs with a key that the provider does not publish."""

    def __init__(self) -> None:
        self.key, self.kid = rsa.generate_private_key(public_exponent=65537, key_size=2048), "k1"
        self.user = {"sub": "u-1", "preferred_username": "wang.qiang", "name": "王强", "groups": ["staff", "complaints"]}
        self.lie: dict = {}
        self.forger: rsa.RSAPrivateKey | None = None
        self.auth_methods = ["client_secret_basic"]
        self.codes: dict[str, dict] = {}
        self.reads: list[str] = []
        self.away = False

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def consent(self, query: dict[str, str]) -> str:
        """What happens in the browser at the provider: the user agrees; the code."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return code

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.reads.append(request.url.path)
        if self.away:
            raise httpx.ConnectError("away")
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json={"issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
                                             "jwks_uri": f"{ISSUER}/keys", "token_endpoint_auth_methods_supported": self.auth_methods})
        if request.url.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return httpx.Response(200, json={"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]})
        return self._token(request)

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {k: v[0] for k, v in parse_qs(request.content.decode()).items()}
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        proven = request.headers.get("authorization") == f"Basic {basic}" if "client_secret_basic" in self.auth_methods else form.get("client_secret") == SECRET
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if not proven or asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form.get("redirect_uri"):
            return httpx.Response(400, json={"error": "invalid_grant"})
        claims = {**self.user, "iss": ISSUER, "aud": CLIENT, "iat": int(time.time()), "exp": int(time.time()) + 300, "nonce": asked["nonce"], **self.lie}
        token = jwt.encode({k: v for k, v in claims.items() if v is not None}, self.forger or self.key, algorithm="RS256", headers={"kid": self.kid})
        return httpx.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": token})
