"""Passwords and second factors of staff: checked with a lock-out, changed only by whoever knows them."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update

from bot.desk import passwords, staff_rows, totp
from bot.desk.rules import Rules
from bot.desk.staff import Staff
from bot.desk.tables import staff
from bot.http_errors import ApiError
from kb_connector.database import writing
from kb_connector.time import in_shanghai, iso


class Credentials:
    def __init__(self, engine: Engine, clock: Callable[[], datetime], rules: Rules) -> None:
        self._engine, self._clock, self._rules = engine, clock, rules

    def check(self, name: str, password: str, code: str | None = None, *, factors: int = 2) -> Staff:
        """The account that this opens; 401 for all that is wrong (`code_required` when only the code lacks), 423 while it is locked."""
        now = in_shanghai(self._clock())
        row = staff_rows.find(self._engine, staff.c.name == name)
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
        return staff_rows.staff_of(row)

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

    def renew(self, name: str) -> str:
        """A one-time password; it unlocks, and takes the second factor away."""
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

    def _set(self, name: str, **values: Any) -> None:
        staff_rows.change(self._engine, name, **values)
