"""Whom a waiting conversation fits best: skill, then the agent the customer knows, then the least busy. Pure."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.desk.handover_rows import Handover
from bot.desk.rules import Rules
from bot.desk.staff import Staff


def best_agent(waiting: Handover, agents: Sequence[Staff], load: Mapping[str, int], *, any_skill: bool = False) -> Staff | None:
    """None when everybody able has as many chats as they may hold. An agent without skills takes everything;
    specialists are spared where no skill is wanted; `any_skill`: better another department than nobody."""
    free = [a for a in agents if load.get(a.name, 0) < a.capacity and (any_skill or not a.skills or not waiting.skill or waiting.skill in a.skills)]
    return min(free, default=None, key=lambda a: (not _fits(waiting, a), a.name != waiting.previous_agent, load.get(a.name, 0) / a.capacity, a.name))


def _fits(waiting: Handover, agent: Staff) -> bool:
    return waiting.skill in agent.skills if waiting.skill else not agent.skills


def waits_for_anybody(waiting: Handover, now: datetime, rules: Rules) -> bool:
    """A grave matter, or a long wait, does not wait for the right department."""
    waited = (now - datetime.fromisoformat(waiting.requested_at)).total_seconds() if waiting.requested_at else 0
    return waiting.severity >= "L3" or waited >= rules.skill_minutes * 60


def deal(queue: Sequence[Handover], agents: Sequence[Staff], load: Mapping[str, int], *, now: datetime, rules: Rules,
         apart: Mapping[str, frozenset[str]]) -> list[tuple[Handover, Staff]]:
    """The queue in its order (graver first, then longer waiting), dealt out until nobody is free; `apart` must not meet."""
    load, dealt = dict(load), []
    for waiting in queue:
        able = [a for a in agents if a.name not in apart.get(waiting.conversation, ())]
        if waiting.state == "queued" and (agent := best_agent(waiting, able, load, any_skill=waits_for_anybody(waiting, now, rules))):
            load[agent.name] = load.get(agent.name, 0) + 1
            dealt.append((waiting, agent))
    return dealt
