"""What lies beside the conversation: canned replies, tone lint, words, colleagues, figures."""
from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from sqlalchemy import delete, insert, select, update

from bot.desk.access import staff_dependency
from bot.desk.accounts_api import Strict
from bot.desk.connector_errors import answered
from bot.desk.desk import Desk
from bot.desk.figures import figures
from bot.desk.rules import load_roles
from bot.desk.staff import Staff
from bot.desk.tables import canned
from bot.desk.wording import desk_words, lint, outcomes
from bot.dialogue.summary import names
from bot.http_errors import ApiError
from kb_connector.database import reading, writing


class Reply(Strict):
    title: str = Field(min_length=1, max_length=100)
    text: str = Field(min_length=1, max_length=4000)


class Draft(Strict):
    text: str = Field(max_length=4000)


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: toolbox"])
    staff, writer, reader = staff_dependency(desk.access), staff_dependency(desk.access, "canned"), staff_dependency(desk.access, "stats")

    @api.get("/words")
    def words(_who: Staff = Depends(staff)) -> dict[str, Any]:
        """Chinese names of everything that the records call by a code."""
        policy, spoken = desk.records.policy, names()
        return {"causes": spoken["causes"], "facts": spoken["facts"], "emotions": spoken["emotions"], "risks": spoken["risks"],
                "statuses": dict(policy.lifecycle.statuses), "severities": dict(policy.severity.names), "promises": dict(policy.clocks.promises),
                "departments": {code: d.name for code, d in policy.company.departments.items()},
                "moves": {code: m.label for code, m in policy.lifecycle.moves.items()},
                "remedies": {code: o.label for code, o in policy.remedies.options.items()},
                "roles": {code: r.name for code, r in load_roles().items()}, "outcomes": outcomes(), "closed": list(policy.lifecycle.closed),
                **{kind: desk_words()[kind] for kind in ("faults", "root_cause", "issue_statuses", "task_statuses", "timeline")},
                "company": policy.company.short_name, "hours": policy.company.hours.text}

    @api.get("/remedies")
    def remedies(ticket: str = Query(max_length=20), who: Staff = Depends(staff)) -> dict[str, Any]:
        """The published options for a ticket's causes."""
        with answered():
            found = desk.records.tickets.get(ticket)
        desk.bars.check_ticket(who, found)
        return {"items": [asdict(o) for o in desk.records.remedies.options(found.causes, found.severity, demand=found.demand)]}

    @api.get("/colleagues")
    def colleagues(_who: Staff = Depends(staff)) -> dict[str, Any]:
        present = desk.handovers.present()
        load = Counter(h.agent for h in desk.handovers.in_states("assigned", "active", "wrap_up", limit=1000))
        return {"items": [{"name": s.name, "display": s.display, "role_name": load_roles()[s.role].name, "skills": list(s.skills), "present": s.name in present,
                           "available": present.get(s.name, False), "load": load[s.name], "capacity": s.capacity}
                          for s in desk.access.accounts.all() if s.active and "chat" in s.may]}

    @api.post("/lint")
    def check_tone(body: Draft, _who: Staff = Depends(staff)) -> dict[str, Any]:
        return {"findings": [asdict(f) for f in lint(body.text)]}

    @api.get("/canned")
    def list_canned(_who: Staff = Depends(staff)) -> dict[str, Any]:
        """The built-in replies and the company's own; {称呼} {坐席} {工单} are filled in by the page."""
        with reading(desk.engine) as db:
            own = [{**row._mapping, "built_in": False} for row in db.execute(select(canned).order_by(canned.c.title))]
        return {"items": own + [{"id": f"b{n}", **reply, "author": "", "built_in": True} for n, reply in enumerate(desk_words()["canned"])]}

    @api.post("/canned", status_code=201)
    def add_canned(body: Reply, who: Staff = Depends(writer)) -> dict[str, Any]:
        with writing(desk.engine) as db:
            key = db.execute(insert(canned).values(**body.model_dump(), author=who.name)).inserted_primary_key[0]
        return {"id": key, **body.model_dump(), "author": who.name, "built_in": False}

    @api.put("/canned/{key}")
    def change_canned(key: int, body: Reply, who: Staff = Depends(writer)) -> dict[str, Any]:
        with writing(desk.engine) as db:
            if not db.execute(update(canned).where(canned.c.id == key).values(**body.model_dump(), author=who.name)).rowcount:
                raise ApiError(404, "not_found", "没有这条常用语。")
        return {"id": key, **body.model_dump(), "author": who.name, "built_in": False}

    @api.delete("/canned/{key}", status_code=204)
    def drop_canned(key: int, _who: Staff = Depends(writer)) -> None:
        with writing(desk.engine) as db:
            if not db.execute(delete(canned).where(canned.c.id == key)).rowcount:
                raise ApiError(404, "not_found", "没有这条常用语。")

    @api.get("/stats")
    def stats(days: int = Query(7, ge=1, le=92), who: Staff = Depends(staff)) -> dict[str, Any]:
        """One's own figures."""
        return figures(desk.engine, desk.handovers.now(), days, agent=who.name)

    @api.get("/stats/team")
    def team_stats(days: int = Query(7, ge=1, le=92), _who: Staff = Depends(reader)) -> dict[str, Any]:
        return figures(desk.engine, desk.handovers.now(), days)

    return api
