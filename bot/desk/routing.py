"""Whom a waiting conversation fits best: skill, then the agent the customer knows, then the least busy. Pure."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.desk.accounts import Staff
from bot.desk.handover_rows import Handover


def best_agent(waiting: Handover, agents: Sequence[Staff], load: Mapping[str, int]) -> Staff | None:
    """None when everybody able has as many chats as they may hold. An agent without skills takes
    everything; specialists are spared where no skill is wanted."""
    free = [a for a in agents if load.get(a.name, 0) < a.capacity and (not a.skills or not waiting.skill or waiting.skill in a.skills)]
    return min(free, default=None, key=lambda a: (waiting.skill not in a.skills if waiting.skill else bool(a.skills), a.name != waiting.previous_agent, load.get(a.name, 0), a.name))


def deal(queue: Sequence[Handover], agents: Sequence[Staff], load: Mapping[str, int]) -> list[tuple[Handover, Staff]]:
    """The queue in its order, dealt out until nobody is free."""
    load, dealt = dict(load), []
    for waiting in queue:
        if waiting.state == "queued" and (agent := best_agent(waiting, agents, load)):
            load[agent.name] = load.get(agent.name, 0) + 1
            dealt.append((waiting, agent))
    return dealt
