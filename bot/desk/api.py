"""The desk's whole API under /api/v1/desk, and its live line /ws/desk."""
from __future__ import annotations

from fastapi import APIRouter

from bot.desk import accounts_api, conversations_api, live, toolbox_api, work_api
from bot.desk.desk import Desk


def router(desk: Desk) -> APIRouter:
    api = APIRouter()
    for part in (accounts_api, conversations_api, work_api, toolbox_api, live):
        api.include_router(part.router(desk))
    return api
