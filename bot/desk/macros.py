"""Macros: a prepared reply together with what is done after it, as data."""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union

import yaml
from pydantic import Field, TypeAdapter, model_validator
from sqlalchemy import Engine, delete, insert, select, update

from bot.desk.accounts_api import Strict
from bot.desk.tables import macros
from bot.desk.tags import LONGEST
from kb_connector.database import reading, writing


class TagAction(Strict):
    do: Literal["tag", "untag"]
    tag: str = Field(min_length=1, max_length=LONGEST)


class NoteAction(Strict):
    do: Literal["note"]
    text: str = Field(min_length=1, max_length=2000)


class TicketAction(Strict):
    """A move of the ticket's lifecycle, with the rights of whoever runs the macro."""
    do: Literal["ticket"]
    action: str = Field(min_length=1, max_length=40)
    note: str = Field("", max_length=2000)
    data: dict[str, Any] = {}


class TransferAction(Strict):
    do: Literal["transfer"]
    to: str | None = Field(None, max_length=60)
    skill: str | None = Field(None, max_length=60)
    note: str = Field("", max_length=2000)

    @model_validator(mode="after")
    def one_goal(self) -> TransferAction:
        if (self.to is None) == (self.skill is None):
            raise ValueError("transfer goes to a colleague or to a skill")
        return self


class ReturnAction(Strict):
    do: Literal["return"]
    note: str = Field("", max_length=2000)


Action = Annotated[Union[TagAction, NoteAction, TicketAction, TransferAction, ReturnAction], Field(discriminator="do")]


class Macro(Strict):
    """Without text it only does."""
    title: str = Field(min_length=1, max_length=100)
    text: str = Field("", max_length=4000)
    actions: list[Action] = Field(max_length=10)


_ACTIONS: TypeAdapter[list[Action]] = TypeAdapter(list[Action])


@lru_cache(maxsize=1)
def built_in(path: Path = Path(__file__).with_name("macros.yml")) -> tuple[Macro, ...]:
    """Those that come with the desk; a wrong one is an error at once."""
    return tuple(Macro.model_validate(row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))["macros"])


def listed(engine: Engine) -> list[dict[str, Any]]:
    """The company's own first."""
    with reading(engine) as db:
        own = [{**row._mapping, "id": str(row.id), "built_in": False} for row in db.execute(select(macros).order_by(macros.c.title))]
    return own + [{"id": f"b{n}", **macro.model_dump(), "author": "", "built_in": True} for n, macro in enumerate(built_in())]


def find(engine: Engine, key: str) -> Macro | None:
    if key.startswith("b"):
        place = int(key[1:]) if key[1:].isdigit() else -1
        return built_in()[place] if 0 <= place < len(built_in()) else None
    with reading(engine) as db:
        row = db.execute(select(macros).where(macros.c.id == int(key))).one_or_none() if key.isdigit() and len(key) < 10 else None
    return Macro(title=row.title, text=row.text, actions=_ACTIONS.validate_python(row.actions)) if row else None


def add(engine: Engine, macro: Macro, author: str) -> str:
    with writing(engine) as db:
        return str(db.execute(insert(macros).values(**macro.model_dump(), author=author)).inserted_primary_key[0])


def change(engine: Engine, key: int, macro: Macro, author: str) -> bool:
    with writing(engine) as db:
        return bool(db.execute(update(macros).where(macros.c.id == key).values(**macro.model_dump(), author=author)).rowcount)


def drop(engine: Engine, key: int) -> bool:
    with writing(engine) as db:
        return bool(db.execute(delete(macros).where(macros.c.id == key)).rowcount)
