"""Which published options fit a complaint: by its causes, its severity and the wish; by nothing about the person."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kb_connector.policy_types import RemedyMatrix, RemedyOption
from kb_connector.remedies.option import Option

_ANY = "complain_general"


def choose(matrix: RemedyMatrix, causes: Sequence[str], severity: str, demand: Iterable[str] = ()) -> list[Option]:
    """Base options first, those that meet the wish leading; the first cause before the others."""
    wishes = set(demand)
    ids = dict.fromkeys(option for cause in causes or (_ANY,) for option in _for_cause(matrix, cause, severity))
    base = _wished_first(matrix, [each for each in ids if matrix.options[each].kind == "base"], wishes)
    extra = _wished_first(matrix, [each for each in ids if matrix.options[each].kind == "extra"], wishes)
    room = matrix.at_most - min(len(extra), 1)
    shown = base[:max(room, matrix.at_least)]
    return [_option(each, matrix.options[each]) for each in (shown + extra)[:matrix.at_most]]


def _for_cause(matrix: RemedyMatrix, cause: str, severity: str) -> tuple[str, ...]:
    """The options of the highest level that the complaint reaches; below the lowest, the lowest."""
    levels: Mapping[str, tuple[str, ...]] = matrix.causes.get(cause) or matrix.causes[_ANY]
    reached = [level for level in levels if level <= severity]
    return levels[max(reached, default=min(levels))]


def _wished_first(matrix: RemedyMatrix, ids: list[str], wishes: set[str]) -> list[str]:
    return sorted(ids, key=lambda each: not wishes & set(matrix.options[each].demands))


def _option(option_id: str, option: RemedyOption) -> Option:
    return Option(option_id, option.kind, option.label, option.detail, option.approver)
