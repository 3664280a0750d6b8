"""A risk of L3 is filed at once with what is known; the intake goes on."""
from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction

from actions.complaint import file_or_update
from actions.step import StepAction, Turn
from kb_connector.errors import ConnectorError


class FileRisk(StepAction):
    """Nothing is said here: `safety` has spoken."""

    step = "file_risk"

    async def act(self, turn: Turn) -> list[dict[str, Any]] | None:
        try:
            file_or_update(turn, "risk")
        except ConnectorError:
            turn.case.handover = "the ticket system is away"
            return [FollowupAction("action_request_handover")]
        return None
