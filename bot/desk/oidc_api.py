"""Signing in with the company's account: off unless an identity provider is configured."""
from __future__ import annotations

import secrets
from typing import Any

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from bot.desk import auditing, sign_in_rows
from bot.desk.desk import Desk
from bot.desk.oidc import Attempt, Provider, SignInFailed
from bot.desk.staff import Staff
from bot.http_errors import ApiError

log = structlog.get_logger()
_BROWSER, _PATH = "tingsu_sign_in", "/api/v1/desk/oidc"


def router(desk: Desk, provider: Provider | None = None) -> APIRouter:
    api = APIRouter(prefix=_PATH, tags=["desk: accounts"])
    settings = desk.settings.oidc
    known = provider or (Provider(settings) if settings else None)

    def ready() -> Provider:
        if known is None or settings is None:
            raise ApiError(404, "not_configured", "没有配置企业账号登录。")
        return known

    def back(request: Request) -> str:
        return (settings.redirect_url if settings else None) or str(request.url_for("oidc_callback"))

    @api.get("")
    def offered() -> dict[str, Any]:
        """For the login page: is there a button, and what does it say?"""
        return {"enabled": settings is not None, "name": settings.name if settings else None, "start": f"{_PATH}/login" if settings else None}

    @api.get("/login", include_in_schema=False)
    async def login(request: Request) -> Response:
        attempt, browser = Attempt.new(), secrets.token_urlsafe(32)
        try:
            address = await ready().address(attempt, back(request))
        except SignInFailed as exc:
            return _refused(exc.code, str(exc))
        await run_in_threadpool(sign_in_rows.begin, desk.engine, attempt, browser, desk.handovers.now())
        response = RedirectResponse(address, 302, headers={"Cache-Control": "no-store"})
        response.set_cookie(_BROWSER, browser, httponly=True, samesite="lax", secure=request.url.scheme == "https", path=_PATH, max_age=sign_in_rows.MINUTES * 60)
        return response

    @api.get("/callback", include_in_schema=False)
    async def oidc_callback(request: Request, state: str = Query("", max_length=200), code: str = Query("", max_length=4000),
                            error: str = Query("", max_length=200)) -> Response:
        attempt = await run_in_threadpool(sign_in_rows.finish, desk.engine, state, request.cookies.get(_BROWSER, ""), desk.handovers.now())
        if attempt is None:
            return _refused("expired", "unknown state")
        if error or not code:
            return _refused("denied", error[:60])
        try:
            identity = await ready().identity(code, attempt, back(request))
            who = await run_in_threadpool(desk.access.accounts.signed_in_elsewhere, identity.subject, identity.account, identity.display, identity.role)
        except SignInFailed as exc:
            return _refused(exc.code, str(exc))
        except ApiError as exc:
            return _refused(exc.code, exc.code)
        return await run_in_threadpool(_welcome, desk, request, who)

    return api


def _welcome(desk: Desk, request: Request, who: Staff) -> Response:
    auditing.note(desk.engine, desk.handovers.now(), actor=who.name, event="signed_in", conversation="", what="identity provider")
    response = RedirectResponse("/desk", 303, headers={"Cache-Control": "no-store"})
    desk.access.open_session(request, response, who, hours=desk.handovers.rules.session_hours)
    response.delete_cookie(_BROWSER, path=_PATH)
    return response


def _refused(code: str, why: str) -> Response:
    """Back to the login page, which explains `code`."""
    log.warning("sign_in_refused", code=code, why=why)
    return RedirectResponse(f"/desk?sign_in={code}", 303, headers={"Cache-Control": "no-store"})
