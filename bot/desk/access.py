"""Who is calling the staff's API: a signed-in browser, or a machine with the token."""
from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import Response

from bot.desk.accounts import Accounts
from bot.desk.sessions import Session, Sessions
from bot.desk.staff import MACHINE, Staff
from bot.http_errors import ApiError

COOKIE = "tingsu_desk"
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Access:
    accounts: Accounts
    sessions: Sessions
    api_token: str

    def colleague(self, name: str) -> Staff:
        """Somebody who may talk to customers; 422 for everybody else."""
        found = self.accounts.get(name)
        if found is None or not found.active or "chat" not in found.may:
            raise ApiError(422, "invalid_request", "没有这位可以接待的同事。", {"to": name})
        return found

    def bearer_of(self, request: HTTPConnection) -> str | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    def token_of(self, request: HTTPConnection) -> str | None:
        return self.bearer_of(request) or request.cookies.get(COOKIE)

    def open_session(self, request: HTTPConnection, response: Response, who: Staff, *, hours: int) -> Session:
        """Sign in: `response` carries the session's cookie."""
        token, session = self.sessions.open(who.name)
        response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/", max_age=hours * 3600)
        return session

    def session_of(self, token: str) -> tuple[Staff, Session] | None:
        session = self.sessions.find(token)
        who = self.accounts.get(session.staff) if session else None
        return (who, session) if who and who.active else None

    def identify(self, request: HTTPConnection, *, changing: bool) -> Staff:
        """401 for a stranger, 403 for a page of somebody else's that makes the browser call us."""
        token = self.token_of(request)
        if token is None:
            raise ApiError(401, "unauthorized", "请先登录。", headers={"WWW-Authenticate": "Bearer"})
        if self.api_token and hmac.compare_digest(token.encode(), self.api_token.encode()):
            return MACHINE
        found = self.session_of(token)
        if found is None:
            raise ApiError(401, "unauthorized", "登录已失效，请重新登录。", headers={"WWW-Authenticate": "Bearer"})
        who, session = found
        by_cookie = self.bearer_of(request) is None
        if changing and by_cookie and not hmac.compare_digest(request.headers.get("x-csrf-token", "").encode(), session.csrf.encode()):
            raise ApiError(403, "forbidden", "缺少或错误的 X-CSRF-Token。")
        return who


def staff_dependency(access: Access, permission: str | None = None, *, first_login: bool = False) -> Callable[..., Staff]:
    """A FastAPI dependency giving the `Staff` who calls; `permission` is one of roles.yml's.

    Whoever still has a one-time password may only change it (`first_login`).
    """
    async def staff(request: Request) -> Staff:
        who = await run_in_threadpool(access.identify, request, changing=request.method not in _SAFE)
        if who.must_change and not first_login:
            raise ApiError(403, "password_change_required", "请先修改一次性密码。")
        if permission and permission not in who.may:
            raise ApiError(403, "forbidden", "您的角色没有这个权限。", {"permission": permission})
        return who
    return staff


def same_origin(connection: HTTPConnection) -> bool:
    """Browsers send Origin with a WebSocket; it must be our own page."""
    origin = connection.headers.get("origin")
    return origin is None or origin.partition("://")[2] == connection.headers.get("host")


