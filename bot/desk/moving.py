"""A handover's move over HTTP: refusals as errors, then the pages and the customer learn of it."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.desk.connector_errors import answered
from bot.desk.desk import Desk
from bot.desk.handover import NotAllowed
from bot.desk.handover_rows import Moved
from bot.http_errors import ApiError


@contextmanager
def moving() -> Iterator[None]:
    """The handover's refusals as HTTP."""
    try:
        with answered():
            yield
    except NotAllowed as exc:
        if exc.why == "not for this role":
            raise ApiError(403, "forbidden", "您的角色不能这样做。", {"state": exc.state}) from exc
        raise ApiError(409, "move_not_allowed", "对话的状态刚刚变了，现在不能这样做。", {"state": exc.state, "why": exc.why}) from exc


async def carried(desk: Desk, act: Callable[..., Moved], conversation: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Make the move, and tell everybody."""
    with moving():
        moved = await run_in_threadpool(act, conversation, *args, **kwargs)
    await desk.carry(moved)
    return {"handover": moved.handover.as_json(), "ownership": moved.ownership.as_state()}
