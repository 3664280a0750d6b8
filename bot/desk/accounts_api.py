"""Signing in and out, one's own password, and the accounts (administrator)."""
from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.desk import totp
from bot.desk.access import COOKIE, staff_dependency
from bot.desk.desk import Desk
from bot.desk.staff import MACHINE, NewStaff, Staff
from bot.http_errors import ApiError

_NAME = r"[\w.\-]{2,60}"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Login(Strict):
    name: str = Field(max_length=60)
    password: str = Field(max_length=200)
    code: str | None = Field(None, max_length=10)


class NewPassword(Strict):
    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


class SecondFactor(Strict):
    """Without a secret it is turned off."""
    password: str = Field(max_length=200)
    secret: str | None = Field(None, max_length=32)
    code: str | None = Field(None, max_length=10)


class StaffBody(Strict):
    name: str = Field(pattern=f"^{_NAME}$")
    display: str = Field(min_length=1, max_length=60)
    role: str
    skills: list[str] = []
    capacity: int = 5
    work_number: str | None = Field(None, max_length=40)


class StaffChange(Strict):
    display: str | None = Field(None, min_length=1, max_length=60)
    role: str | None = None
    skills: list[str] | None = None
    capacity: int | None = None
    work_number: str | None = Field(None, max_length=40)
    active: bool | None = None


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: accounts"])
    access, accounts, sessions = desk.access, desk.access.accounts, desk.access.sessions
    newcomer, staff, admin = staff_dependency(access, first_login=True), staff_dependency(access), staff_dependency(access, "staff")

    def skilled(skills: list[str] | None) -> None:
        if unknown := [s for s in skills or () if s not in desk.records.policy.company.departments]:
            raise ApiError(422, "invalid_request", "没有这个技能组。", {"unknown": unknown})

    @api.post("/login")
    def login(body: Login, request: Request, response: Response) -> dict[str, Any]:
        """Sets the session's cookie; calls that change something also carry `csrf` as X-CSRF-Token."""
        who = accounts.credentials.check(body.name, body.password, body.code)
        session = access.open_session(request, response, who, hours=desk.handovers.rules.session_hours)
        return {"staff": who.as_json(), "csrf": session.csrf, "expires": session.expires}

    @api.post("/logout", status_code=204)
    def logout(request: Request, who: Staff = Depends(newcomer)) -> Response:
        sessions.close(access.token_of(request) or "")
        desk.handovers.left(who.name)
        response = Response(status_code=204)
        response.delete_cookie(COOKIE, path="/")
        return response

    @api.get("/me")
    def me(request: Request, who: Staff = Depends(newcomer)) -> dict[str, Any]:
        found = None if who is MACHINE else sessions.find(access.token_of(request) or "")
        return {"staff": who.as_json(), "csrf": found.csrf if found else None, "expires": found.expires if found else None}

    @api.post("/password", status_code=204)
    def password(body: NewPassword, request: Request, who: Staff = Depends(newcomer)) -> None:
        """The other browsers of this account are signed out."""
        if who is MACHINE:
            raise ApiError(403, "forbidden", "接口令牌没有密码。")
        accounts.credentials.set_password(who.name, body.old, body.new)
        sessions.close_all(who.name, but=access.token_of(request))

    @api.get("/second_factor")
    def propose_second_factor(who: Staff = Depends(staff)) -> dict[str, str]:
        """A fresh secret for an authenticator app; it counts once its first code has been shown."""
        secret = totp.new_secret()
        return {"secret": secret, "address": totp.address(secret, who.name, desk.records.policy.company.short_name)}

    @api.put("/second_factor", status_code=204)
    def set_second_factor(body: SecondFactor, who: Staff = Depends(staff)) -> None:
        accounts.credentials.set_second_factor(who.name, body.password, body.secret, body.code)

    @api.get("/staff")
    def list_staff(_who: Staff = Depends(admin)) -> dict[str, Any]:
        return {"items": [s.as_json() for s in accounts.all()]}

    @api.post("/staff", status_code=201)
    def add_staff(body: StaffBody, _who: Staff = Depends(admin)) -> dict[str, Any]:
        if body.name == MACHINE.name:
            raise ApiError(409, "already_exists", "这个账号名保留给接口使用。")
        skilled(body.skills)
        who, once = accounts.add(NewStaff(**body.model_dump()))
        return {"staff": who.as_json(), "password": once}

    @api.patch("/staff/{name}")
    def change_staff(name: str, body: StaffChange, _who: Staff = Depends(admin)) -> dict[str, Any]:
        skilled(body.skills)
        changed = accounts.change(name, body.model_dump(exclude_none=True))
        if not changed.active:
            sessions.close_all(name)
            desk.handovers.left(name)
        return changed.as_json()

    @api.post("/staff/{name}/reset")
    def reset_staff(name: str, _who: Staff = Depends(admin)) -> dict[str, str]:
        once = accounts.reset(name)
        sessions.close_all(name)
        return {"password": once}

    return api
