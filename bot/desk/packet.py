"""The packet: what an agent must know at a glance, each point with the customer's own sentence."""
from __future__ import annotations

from typing import Any

from bot.dialogue.case import Case
from bot.dialogue.collect import missing_fact, question_bank
from bot.dialogue.summary import cause_name, names, shown
from bot.reception.transcript import Message
from bot.vocabulary import RISK_LEVELS
from kb_connector.records import Records
from kb_connector.tickets import Ticket


def packet(case: Case | None, messages: list[Message], ticket: Ticket | None, records: Records) -> dict[str, Any]:
    """Only what was said or recorded; an unknown thing is absent, never guessed."""
    case = case or Case()
    told = {t.get("message", ""): t.get("text", "") for t in case.told}
    texts = {str(m.id): m.text for m in messages} | told
    labels = names()
    severity = ticket.severity if ticket else f"L{max(1, case.grave)}"
    return {
        "issues": [{"cause": i.cause, "label": cause_name(i.cause), "text": i.text or texts.get(i.message, ""), "message": i.message} for i in case.issues],
        "facts": [{"fact": name, "label": label, "value": shown(name, known.value, known.text), "text": texts.get(known.message) or known.text,
                   "message": known.message} for name, label in labels["facts"].items() if (known := case.facts.get(name))],
        "missing": [{"fact": fact, "label": labels["facts"].get(fact, fact)} for fact in missing(case)],
        "declined": [labels["facts"].get(fact, fact) for fact in case.declined],
        "demand": {"wishes": case.demand, "text": case.demand_text},
        "emotion": {"now": case.emotion, "label": labels["emotions"].get(case.emotion, case.emotion),
                    "trend": [{"label": labels["emotions"].get(m, m), "mood": m} for m in case.moods[-12:]]},
        "risks": [{"risk": name, "label": labels["risks"].get(name, name), "level": f"L{RISK_LEVELS.get(name, 0)}", "text": risk.text,
                   "message": risk.message} for name, risk in sorted(case.risks.items(), key=lambda r: -RISK_LEVELS.get(r[0], 0))],
        "promises": [dict(p) for p in ticket.promises] if ticket else [],
        "due": dict(ticket.due) if ticket else {},
        "ticket": _ticket(ticket, records) if ticket else None,
        "severity": {"level": severity, "label": records.policy.severity.names.get(severity, severity)},
        "knowledge": _knowledge(messages),
        "remedies": [{"id": o.id, "kind": o.kind, "label": o.label, "detail": o.detail, "approver": o.approver, "shown": any(p["id"] == o.id for p in case.proposed),
                      "chosen": case.chosen == o.id} for o in records.remedies.options(case.causes, severity, demand=case.demand)] if case.issues else [],
        "opinion": case.opinion,
        "handover": case.handover,
        "next_step": next_step(case, ticket),
        "contact": {"consent": case.consent, "anonymous": case.anonymous},
        "vulnerable": case.vulnerable,
    }


def missing(case: Case) -> list[str]:
    """All that the bank asks for these causes and nobody has told yet."""
    bank, wanted = question_bank(), []
    for cause in case.causes:
        wanted += [f for f in bank.causes.get(cause, bank.default) if f not in wanted]
    wanted = [f for f in wanted if f != "what_happened" or not case.knows_what]
    alike = {f: next((g for g in bank.either if f in g), frozenset((f,))) for f in wanted}
    return [f for f in wanted if not any(each in case.facts or each in case.declined for each in alike[f])]


def next_step(case: Case, ticket: Ticket | None) -> str:
    """One sentence for the agent, from the protocol's order."""
    labels = names()
    if case.grave >= 3:
        return "先确认客户人身和财产是否安全，再处理其他事项"
    if case.heated:
        return "先回应情绪、为不好的体验致歉，再问事情"
    if not case.issues:
        return "请客户说说遇到了什么事"
    if fact := missing_fact(case):
        return f"还缺“{labels['facts'].get(fact, fact)}”，一次只问一项"
    if not case.demand:
        return "征求客户希望怎样解决"
    if not case.confirmed and ticket is None:
        return "把要点复述给客户确认，然后立案"
    if ticket and ticket.status in ("filed", "reopened", "escalated"):
        return "受理工单并告诉客户下一步和时间"
    if not case.chosen:
        return "介绍可选方案并征求意见，承诺以审批权限为限"
    return "落实客户选定的方案，按承诺时间回访"


def _ticket(ticket: Ticket, records: Records) -> dict[str, Any]:
    return {"number": ticket.number, "status": ticket.status, "status_label": records.policy.lifecycle.statuses.get(ticket.status, ticket.status),
            "severity": ticket.severity, "owner": ticket.owner, "department": records.policy.company.departments[ticket.department].name
            if ticket.department in records.policy.company.departments else ticket.department}


def _knowledge(messages: list[Message]) -> list[dict[str, Any]]:
    """What the bot has shown already, once each."""
    seen: dict[str, dict[str, Any]] = {}
    for message in messages:
        for source in (message.metadata or {}).get("sources") or ():
            row = source if isinstance(source, dict) else {"id": str(source), "title": str(source)}
            seen.setdefault(str(row.get("id") or row.get("title")), {**row, "message": str(message.id)})
    return list(seen.values())
