"""The company's policy as frozen values; each class mirrors a file or a part of one in `policy/`."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

SEVERITIES = ("L0", "L1", "L2", "L3", "L4")
_HHMM = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_SPAN = re.compile(r"\d+(s|m|h|d|wm|wh|wd)|same_day")


def _check_level(level: str) -> None:
    if level not in SEVERITIES:
        raise ValueError(f"{level!r} is not one of {', '.join(SEVERITIES)}")


@dataclass(frozen=True)
class Shift:
    opens: str
    closes: str

    def __post_init__(self) -> None:
        if not (_HHMM.fullmatch(self.opens) and _HHMM.fullmatch(self.closes) and self.opens < self.closes):
            raise ValueError(f"shift {self.opens}-{self.closes} must run from an earlier to a later HH:MM")


@dataclass(frozen=True)
class Hours:
    text: str
    workday: tuple[Shift, ...]
    weekend: tuple[Shift, ...] = ()
    holiday: tuple[Shift, ...] = ()

    def __post_init__(self) -> None:
        if not self.workday:
            raise ValueError("hours.workday needs at least one shift")


@dataclass(frozen=True)
class Department:
    name: str
    causes: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    name: str
    contact: str
    about: str


@dataclass(frozen=True)
class Privacy:
    notice: str
    kinds: str
    retention: str
    rights: str
    officer: str


@dataclass(frozen=True)
class Company:
    name: str
    short_name: str
    hotline: str
    oncall: str
    sector: str
    hours: Hours
    departments: Mapping[str, Department]
    default_department: str
    privacy: Privacy
    external_routes: tuple[Route, ...]
    recourse: str

    def __post_init__(self) -> None:
        if self.default_department not in self.departments:
            raise ValueError(f"default_department {self.default_department!r} is not among the departments")

    def department_for(self, causes: tuple[str, ...], risks: tuple[str, ...] = ()) -> str:
        """The department of the first risk, else of the first cause, that one claims."""
        for kind, names in (("risks", risks), ("causes", causes)):
            for name in names:
                for code, department in self.departments.items():
                    if name in getattr(department, kind):
                        return code
        return self.default_department

    def department_name(self, code: str) -> str:
        """The name customers read; a department that the policy no longer has keeps its code."""
        known = self.departments.get(code)
        return known.name if known else code


@dataclass(frozen=True)
class Step:
    """From `at_least` on, the level is at least `level`."""
    at_least: Decimal
    level: str

    def __post_init__(self) -> None:
        _check_level(self.level)


@dataclass(frozen=True)
class Combination:
    """A risk together with a number of people (several people poisoned)."""
    risk: str
    people: int
    level: str

    def __post_init__(self) -> None:
        _check_level(self.level)


@dataclass(frozen=True)
class SeverityRules:
    names: Mapping[str, str]
    causes: Mapping[str, str]
    risks: Mapping[str, str]
    amounts: tuple[Step, ...]
    people: tuple[Step, ...]
    combinations: tuple[Combination, ...]
    repeat_at_least: str
    reasons: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)      # Chinese names of causes and risks

    def __post_init__(self) -> None:
        for level in (*self.names, *self.causes.values(), *self.risks.values(), self.repeat_at_least):
            _check_level(level)


@dataclass(frozen=True)
class Clock:
    """How long each step may take; spans as 30m (elapsed), 2wh, 3wd (working) or same_day."""
    acknowledge: str
    first_reply: str
    plan: str | None = None
    close: str | None = None

    def __post_init__(self) -> None:
        for span in (self.acknowledge, self.first_reply, self.plan, self.close):
            if span is not None and not _SPAN.fullmatch(span):
                raise ValueError(f"{span!r} is not a span such as 30m, 2wh, 3wd or same_day")


@dataclass(frozen=True)
class Clocks:
    levels: Mapping[str, Clock]
    pauses_in: tuple[str, ...]
    promises: Mapping[str, str]

    def __post_init__(self) -> None:
        if missing := [level for level in SEVERITIES if level not in self.levels]:
            raise ValueError(f"levels lacks {', '.join(missing)}")


@dataclass(frozen=True)
class Sector:
    name: str
    legal: str
    basis: str

    def __post_init__(self) -> None:
        if not _SPAN.fullmatch(self.legal):
            raise ValueError(f"legal {self.legal!r} is not a span such as 15d")


@dataclass(frozen=True)
class Move:
    """One allowed step of a ticket's life."""
    sources: tuple[str, ...]
    to: str
    roles: tuple[str, ...]
    label: str
    say: str = ""
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lifecycle:
    statuses: Mapping[str, str]
    closed: tuple[str, ...]
    moves: Mapping[str, Move]
    no_lesson: str
    serious_from: str
    manager_after_reopenings: int
    recourse_wait_days: int

    def __post_init__(self) -> None:
        for action, move in self.moves.items():
            for status in (*move.sources, move.to):
                if status not in self.statuses:
                    raise ValueError(f"move {action!r} names the unknown status {status!r}")


@dataclass(frozen=True)
class Role:
    name: str
    rank: int
    limit: Decimal | None = None      # None: no limit


@dataclass(frozen=True)
class Approvals:
    roles: Mapping[str, Role]
    same_as: Mapping[str, str]
    two_people_levels: tuple[str, ...]
    two_people_risks: tuple[str, ...]

    def role(self, name: str) -> Role | None:
        return self.roles.get(self.same_as.get(name, name))

    def ladder(self) -> list[tuple[str, Role]]:
        return sorted(self.roles.items(), key=lambda pair: pair[1].rank)


@dataclass(frozen=True)
class RemedyOption:
    kind: str
    label: str
    detail: str
    approver: str = "agent"
    demands: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in ("base", "extra"):
            raise ValueError(f"kind {self.kind!r} must be base or extra")


@dataclass(frozen=True)
class RemedyMatrix:
    options: Mapping[str, RemedyOption]
    causes: Mapping[str, Mapping[str, tuple[str, ...]]]     # cause -> lowest level -> option ids
    at_least: int = 3
    at_most: int = 5

    def __post_init__(self) -> None:
        for cause, levels in self.causes.items():
            for level, ids in levels.items():
                _check_level(level)
                for option in ids:
                    if option not in self.options:
                        raise ValueError(f"causes.{cause}.{level} names the unknown option {option!r}")


@dataclass(frozen=True)
class Rule:
    """A published rule that facts can be held against; figures are settings."""
    title: str
    basis: str
    days: int
    causes: tuple[str, ...]
    likely: str
    unlikely: str
    unclear: str
    starts: str = "received"
    online_only: bool = False
    exceptions: Mapping[str, str] = field(default_factory=dict)
    excepted: str = ""
    offline: str = ""
    reference: str = ""

    def __post_init__(self) -> None:
        if self.starts not in ("received", "requested"):
            raise ValueError(f"starts {self.starts!r} must be received or requested")
        if (self.exceptions or self.online_only) and not self.excepted:
            raise ValueError("a rule with exceptions needs the sentence `excepted`")


@dataclass(frozen=True)
class Policy:
    company: Company
    lifecycle: Lifecycle
    severity: SeverityRules
    clocks: Clocks
    remedies: RemedyMatrix
    approvals: Approvals
    sectors: Mapping[str, Sector]
    rules: Mapping[str, Rule]
    version: str
