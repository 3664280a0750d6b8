"""Staff accounts: lock-out, second factor, and a one-time password for the first administrator."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.desk import passwords, totp
from bot.desk.rules import Rules, load_roles, load_rules
from bot.desk.tables import staff
from bot.http_errors import ApiError
from kb_connector.database import reading, writing
from kb_connector.time import in_shanghai, iso

FIRST = "admin"


@dataclass(frozen=True)
class Staff:
    """Who is calling. `kind` is what the handover's moves ask for."""

    name: str
    display: str
    role: str
    skills: tuple[str, ...] = ()
    capacity: int = 5
    active: bool = True
    must_change: bool = False
    second_factor: bool = False

    @property
    def lead(self) -> bool:
        return load_roles()[self.role].lead

    @property
    def kind(self) -> str:
        return "lead" if self.lead else "staff"

    @property
    def may(self) -> tuple[str, ...]:
        return load_roles()[self.role].may

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "display": self.display, "role": self.role, "role_name": load_roles()[self.role].name, "skills": list(self.skills),
                "capacity": self.capacity, "active": self.active, "must_change": self.must_change, "second_factor": self.second_factor, "lead": self.lead, "may": list(self.may)}


MACHINE = Staff("api", "接口", "admin")      # whoever shows TINGSU_API_TOKEN


@dataclass(frozen=True)
class NewStaff:
    name: str
    display: str
    role: str
    skills: list[str] = field(default_factory=list)
    capacity: int = 5


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
        self._engine, self._clock, self._rules = engine, clock, rules or load_rules()

    def check(self, name: str, password: str, code: str | None = None, *, factors: int = 2) -> Staff:
        """The account that this opens; 401 for all that is wrong (`code_required` when only the code lacks), 423 while it is locked."""
        now = in_shanghai(self._clock())
        with reading(self._engine) as db:
            row = db.execute(select(staff).where(staff.c.name == name)).one_or_none()
        if row and row.locked_until and row.locked_until > iso(now):
            raise ApiError(423, "locked", "登录失败次数过多，账号已暂时锁定，请稍后再试。", {"until": row.locked_until})
        right = passwords.matches(row.password if row else passwords.nobodys(), password) and row is not None and row.active
        if not right:
            if row:
                self._missed(row.name, now)
            raise ApiError(401, "unauthorized", "账号或密码不正确。")
        if factors > 1 and row.totp:
            if not code:
                raise ApiError(401, "code_required", "请输入身份验证器上的 6 位动态码。")
            self._use_code(row, code.strip(), now)
        if row.failed:
            self._set(name, failed=0, locked_until=None)
        return _staff(row)

    def _use_code(self, row: Any, code: str, now: datetime) -> None:
        step = totp.matching_step(row.totp, code, now.timestamp(), after=row.totp_step)
        if step is not None:
            with writing(self._engine) as db:
                mine = (staff.c.name == row.name) & (staff.c.totp_step < step)
                if db.execute(update(staff).where(mine).values(totp_step=step)).rowcount:
                    return
        self._missed(row.name, now)
        raise ApiError(401, "unauthorized", "动态码不正确或已经用过。")

    def _missed(self, name: str, now: datetime) -> None:
        """Count in the database, so that parallel guesses count, too."""
        with writing(self._engine) as db:
            db.execute(update(staff).where(staff.c.name == name).values(failed=staff.c.failed + 1))
            if db.execute(select(staff.c.failed).where(staff.c.name == name)).scalar_one() >= self._rules.failures:
                until = iso(now + timedelta(minutes=self._rules.locked_minutes))
                db.execute(update(staff).where(staff.c.name == name).values(failed=0, locked_until=until))

    def get(self, name: str) -> Staff | None:
        with reading(self._engine) as db:
            row = db.execute(select(staff).where(staff.c.name == name)).one_or_none()
        return _staff(row) if row else None

    def all(self) -> list[Staff]:
        with reading(self._engine) as db:
            return [_staff(row) for row in db.execute(select(staff).order_by(staff.c.name))]

    def add(self, new: NewStaff) -> tuple[Staff, str]:
        """The account and its one-time password."""
        _check(new.role, new.capacity)
        password = passwords.one_time()
        try:
            with writing(self._engine) as db:
                db.execute(insert(staff).values(name=new.name, display=new.display, role=new.role, skills=list(new.skills), capacity=new.capacity,
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
            self._set(name, **changes)
        return self.get(name)

    def reset(self, name: str) -> str:
        """A new one-time password; it also unlocks, and takes a lost second factor away."""
        self._known(name)
        password = passwords.one_time()
        self._set(name, password=passwords.hashed(password), must_change=True, failed=0, locked_until=None, totp=None, totp_step=0)
        return password

    def set_second_factor(self, name: str, password: str, secret: str | None, code: str | None = None) -> None:
        """Turn it on with a secret and its first code, or off with None."""
        self.check(name, password, factors=1)
        if secret is None:
            self._set(name, totp=None, totp_step=0)
            return
        try:
            step = totp.matching_step(secret, code or "", in_shanghai(self._clock()).timestamp())
        except ValueError:
            step = None
        if step is None or len(secret) != 32:
            raise ApiError(422, "wrong_code", "动态码不对，请核对身份验证器上的时间和密钥。")
        self._set(name, totp=secret, totp_step=step)

    def set_password(self, name: str, old: str, new: str) -> None:
        self.check(name, old, factors=1)
        if len(new) < self._rules.password_length or new == old or name in new:
            raise ApiError(422, "weak_password", f"新密码至少 {self._rules.password_length} 个字符，不能与旧密码相同，也不能包含账号名。")
        self._set(name, password=passwords.hashed(new), must_change=False)

    def _known(self, name: str) -> Staff:
        known = self.get(name)
        if known is None:
            raise ApiError(404, "not_found", "没有这个账号。")
        return known

    def _set(self, name: str, **values: Any) -> None:
        with writing(self._engine) as db:
            db.execute(update(staff).where(staff.c.name == name).values(**values))


def _check(role: str, capacity: int) -> None:
    if role not in load_roles():
        raise ApiError(422, "invalid_request", "没有这个角色。", {"known": sorted(load_roles())})
    if not 1 <= capacity <= 50:
        raise ApiError(422, "invalid_request", "同时接待数应在 1 到 50 之间。")


def _staff(row: Any) -> Staff:
    return Staff(row.name, row.display, row.role, tuple(row.skills or ()), row.capacity, row.active, row.must_change, bool(row.totp))
