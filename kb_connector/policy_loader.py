"""Load the company's policy: the shipped files, each replaceable by one of the same name in another folder."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from kb_connector.policy_types import Approvals, Clocks, Company, Lifecycle, Policy, RemedyMatrix, Rule, Sector, SeverityRules
from kb_connector.typed_yaml import PolicyError, read_yaml

SHIPPED = Path(__file__).parent / "policy"
FILES = {"company": Company, "lifecycle": Lifecycle, "severity": SeverityRules, "clocks": Clocks, "remedies": RemedyMatrix,
         "approvals": Approvals, "sectors": Mapping[str, Sector], "rules": Mapping[str, Rule]}

__all__ = ["FILES", "SHIPPED", "PolicyError", "load_policy"]


def load_policy(policy_dir: Path | None = None) -> Policy:
    """The whole policy, checked; `version` changes whenever any file changes."""
    paths = {name: _path_of(name, policy_dir) for name in FILES}
    digest = hashlib.sha256()
    for path in paths.values():
        if path.is_file():
            digest.update(path.read_bytes())
    policy = Policy(**{name: read_yaml(paths[name], shape) for name, shape in FILES.items()}, version=digest.hexdigest()[:12])
    _check_names_agree(policy, paths)
    return policy


def _path_of(name: str, policy_dir: Path | None) -> Path:
    if policy_dir is not None and not Path(policy_dir).is_dir():
        raise PolicyError(f"{policy_dir}: there is no such policy folder")
    own = Path(policy_dir) / f"{name}.yml" if policy_dir is not None else None
    return own if own is not None and own.is_file() else SHIPPED / f"{name}.yml"


def _check_names_agree(policy: Policy, paths: Mapping[str, Path]) -> None:
    """What one file names must stand in the other."""
    if policy.company.sector not in policy.sectors:
        raise PolicyError(f"{paths['company']}: sector: {policy.company.sector!r} is not in {paths['sectors'].name}")
    for action, move in policy.lifecycle.moves.items():
        for role in move.roles:
            if policy.approvals.role(role) is None:
                raise PolicyError(f"{paths['lifecycle']}: moves.{action}.roles: {role!r} is not in {paths['approvals'].name}")
    for option_id, option in policy.remedies.options.items():
        if policy.approvals.role(option.approver) is None:
            raise PolicyError(f"{paths['remedies']}: options.{option_id}.approver: {option.approver!r} is not in "
                              f"{paths['approvals'].name}")
    for status in policy.clocks.pauses_in:
        if status not in policy.lifecycle.statuses:
            raise PolicyError(f"{paths['clocks']}: pauses_in: {status!r} is not a status in {paths['lifecycle'].name}")
