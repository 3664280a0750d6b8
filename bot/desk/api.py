"""The desk's whole API under /api/v1/desk, and its live line /ws/desk."""
from __future__ import annotations

from fastapi import APIRouter

from bot.desk import (
    accounts_api,
    attachments_api,
    audit_api,
    conversations_api,
    live,
    macros_api,
    notes_api,
    oidc_api,
    reveal_api,
    toolbox_api,
    work_api,
)
from bot.desk.desk import Desk

_PARTS = (accounts_api, oidc_api, conversations_api, work_api, notes_api, attachments_api, macros_api, reveal_api, audit_api, toolbox_api, live)


def router(desk: Desk) -> APIRouter:
    api = APIRouter()
    for part in _PARTS:
        api.include_router(part.router(desk))
    return api
