"""Who works at the desk."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.desk.rules import load_roles


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
    work_number: str | None = None

    @property
    def lead(self) -> bool:
        return load_roles()[self.role].lead

    @property
    def kind(self) -> str:
        return "lead" if self.lead else "staff"

    @property
    def may(self) -> tuple[str, ...]:
        return load_roles()[self.role].may

    @property
    def title(self) -> str:
        """The role as the customer reads it before the name; 同事 where the name says it already."""
        role = load_roles()[self.role].name
        return "同事" if role in self.display or self.display.endswith(role[-2:]) else role

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "display": self.display, "role": self.role, "role_name": load_roles()[self.role].name, "skills": list(self.skills),
                "capacity": self.capacity, "active": self.active, "must_change": self.must_change, "second_factor": self.second_factor,
                "work_number": self.work_number, "lead": self.lead, "may": list(self.may)}


MACHINE = Staff("api", "接口", "admin")      # whoever shows TINGSU_API_TOKEN


@dataclass(frozen=True)
class NewStaff:
    name: str
    display: str
    role: str
    skills: list[str] = field(default_factory=list)
    capacity: int = 5
    work_number: str | None = None
