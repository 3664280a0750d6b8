"""Who may do what: roles stand on a ladder, and a higher staff role may do what a lower one may."""
from __future__ import annotations

from decimal import Decimal

from kb_connector.errors import Forbidden
from kb_connector.policy_types import Move, Policy, Role


def role_of(policy: Policy, name: str) -> Role:
    role = policy.approvals.role(name)
    if role is None:
        raise Forbidden(f"unknown role {name!r}", {"known": sorted(policy.approvals.roles)})
    return role


def may_move(policy: Policy, role: Role, move: Move) -> bool:
    allowed = [policy.approvals.role(name) for name in move.roles]
    return role in allowed or any(each.rank > 0 and role.rank >= each.rank for each in allowed)


def may_approve(role: Role, amount: Decimal) -> bool:
    """The limit covers cash; without staff rank nothing may be approved, not even what is free."""
    return role.rank > 0 and (role.limit is None or amount <= role.limit)


def approver_for(policy: Policy, amount: Decimal, option_roles: tuple[str, ...]) -> str:
    """The lowest role that may approve this amount and every option in the package."""
    rank = max((role_of(policy, name).rank for name in option_roles), default=1)
    for name, role in policy.approvals.ladder():
        if role.rank >= rank and may_approve(role, amount):
            return name
    raise Forbidden("no role may approve this amount", {"amount": str(amount)})
