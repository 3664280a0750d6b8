"""Tickets as a file: JSON lines for programs, CSV for spreadsheets."""
from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import TextIO

from kb_connector.errors import Rejected
from kb_connector.tickets.ticket import Ticket

_CSV = ("number", "status", "severity", "channel", "created_at", "summary", "causes", "demand", "demand_amount", "contact_name",
        "phone_masked", "owner", "department", "due_close", "due_legal", "satisfaction", "outcome", "lesson")


def write(tickets: Iterable[Ticket], fh: TextIO, fmt: str) -> int:
    if fmt not in ("jsonl", "csv"):
        raise Rejected(f"unknown format {fmt!r}", {"known": ["jsonl", "csv"]})
    count, table = 0, csv.writer(fh) if fmt == "csv" else None
    if table:
        table.writerow(_CSV)
    for count, ticket in enumerate(tickets, 1):
        if table:
            table.writerow([_harmless(cell) for cell in _cells(ticket.as_json())])
        else:
            fh.write(json.dumps(ticket.as_json(), ensure_ascii=False) + "\n")
    return count


def _cells(ticket: dict) -> list[str]:
    flat = {**ticket, "causes": " ".join(issue["cause"] for issue in ticket["issues"]), "demand": " ".join(ticket["demand"]),
            "contact_name": ticket["contact"]["name"], "phone_masked": ticket["contact"]["phone_masked"],
            "due_close": ticket["due"]["close"], "due_legal": ticket["due"]["legal"],
            "satisfaction": (ticket["satisfaction"] or {}).get("score", "")}
    return ["" if flat[name] is None else str(flat[name]) for name in _CSV]


def _harmless(cell: str) -> str:
    """A spreadsheet must not run what a customer wrote."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
