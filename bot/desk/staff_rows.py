"""Staff as rows."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, select, update

from bot.desk.staff import MACHINE, Staff
from bot.desk.tables import staff
from kb_connector.database import reading, writing


def find(engine: Engine, which: Any) -> Any:
    """The row, or None."""
    with reading(engine) as db:
        return db.execute(select(staff).where(which)).one_or_none()


def change(engine: Engine, name: str, **values: Any) -> None:
    with writing(engine) as db:
        db.execute(update(staff).where(staff.c.name == name).values(**values))


def staff_of(row: Any) -> Staff:
    return Staff(row.name, row.display, row.role, tuple(row.skills or ()), row.capacity, row.active, row.must_change, bool(row.totp), row.work_number)


def free_names(wanted: str) -> Iterator[str]:
    """Account names to try, from what somebody is called elsewhere."""
    plain = re.sub(r"[^\w.\-]", "", wanted.partition("@")[0])[:50] or "staff"
    plain = f"{plain}1" if plain == MACHINE.name or len(plain) < 2 else plain
    yield plain
    for n in range(2, 100):
        yield f"{plain}{n}"
