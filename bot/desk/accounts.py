"""Staff accounts, and a one-time password for the first administrator."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from bot.desk import passwords, staff_rows
from bot.desk.credentials import Credentials
from bot.desk.rules import Rules, load_roles, load_rules
from bot.desk.staff import NewStaff, Staff
from bot.desk.tables import staff
from bot.http_errors import ApiError
from kb_connector.database import reading, writing

FIRST = "admin"


def first_password(engine: Engine) -> str | None:
    """Make the administrator at the first start: the password, once; None ever after."""
    password = passwords.one_time()
    try:
        with writing(engine) as db:
            if db.execute(select(staff.c.name).limit(1)).first():
                return None
            db.execute(insert(staff).values(name=FIRST, display="管理员", role="admin", password=passwords.hashed(password), must_change=True, active=True,
                                            skills=[], capacity=5, failed=0))
    except IntegrityError:
        return None                     # another worker was first
    return password


class Accounts:
    def __init__(self, engine: Engine, clock: Callable[[], datetime], rules: Rules | None = None) -> None:
        self._engine = engine
        self.credentials = Credentials(engine, clock, rules or load_rules())

    def get(self, name: str) -> Staff | None:
        row = staff_rows.find(self._engine, staff.c.name == name)
        return staff_rows.staff_of(row) if row else None

    def all(self) -> list[Staff]:
        with reading(self._engine) as db:
            return [staff_rows.staff_of(row) for row in db.execute(select(staff).order_by(staff.c.name))]

    def add(self, new: NewStaff) -> tuple[Staff, str]:
        """The account and its one-time password."""
        _check(new.role, new.capacity)
        password = passwords.one_time()
        try:
            with writing(self._engine) as db:
                db.execute(insert(staff).values(name=new.name, display=new.display, role=new.role, skills=list(new.skills), capacity=new.capacity, work_number=new.work_number,
                                                password=passwords.hashed(password), must_change=True, active=True, failed=0))
        except IntegrityError:
            raise ApiError(409, "already_exists", "这个账号已经存在。") from None
        return self.get(new.name), password

    def change(self, name: str, changes: Mapping[str, Any]) -> Staff:
        now = self._known(name)
        _check(changes.get("role", now.role), changes.get("capacity", now.capacity))
        if now.role == "admin" and now.active and (changes.get("active") is False or changes.get("role", "admin") != "admin"):
            if not any(s.role == "admin" and s.active and s.name != name for s in self.all()):
                raise ApiError(409, "last_admin", "至少要保留一个管理员账号。")
        if changes:
            staff_rows.change(self._engine, name, **changes)
        return self.get(name)

    def reset(self, name: str) -> str:
        """A new one-time password; it also unlocks, and takes a lost second factor away."""
        self._known(name)
        return self.credentials.renew(name)

    def signed_in_elsewhere(self, subject: str, wanted: str, display: str, role: str) -> Staff:
        """The account of whoever the identity provider vouches for: made at the first time, its name and role kept up to date.
        A local account of the same name is somebody else's until an administrator says otherwise."""
        row = staff_rows.find(self._engine, staff.c.subject == subject)
        if row is None:
            return self._welcome(subject, wanted, display, role)
        if not row.active:
            raise ApiError(403, "blocked", "这个账号已经停用。")
        news = {key: value for key, value in (("display", display), ("role", role)) if value != row._mapping[key]}
        try:
            return self.change(row.name, news)
        except ApiError:                    # the last administrator stays one
            return self.change(row.name, {key: value for key, value in news.items() if key != "role"})

    def _welcome(self, subject: str, wanted: str, display: str, role: str) -> Staff:
        _check(role, NewStaff.capacity)
        nobodys = passwords.hashed(passwords.one_time())         # the provider signs them in; no password does
        for name in staff_rows.free_names(wanted):
            try:
                with writing(self._engine) as db:
                    db.execute(insert(staff).values(name=name, display=display, role=role, skills=[], capacity=NewStaff.capacity, password=nobodys, must_change=False,
                                                    active=True, failed=0, subject=subject))
                return self.get(name)
            except IntegrityError:
                if row := staff_rows.find(self._engine, staff.c.subject == subject):      # another worker was first
                    return staff_rows.staff_of(row)
        raise ApiError(409, "already_exists", "没有可用的账号名。")

    def _known(self, name: str) -> Staff:
        known = self.get(name)
        if known is None:
            raise ApiError(404, "not_found", "没有这个账号。")
        return known


def _check(role: str, capacity: int) -> None:
    if role not in load_roles():
        raise ApiError(422, "invalid_request", "没有这个角色。", {"known": sorted(load_roles())})
    if not 1 <= capacity <= 50:
        raise ApiError(422, "invalid_request", "同时接待数应在 1 到 50 之间。")
