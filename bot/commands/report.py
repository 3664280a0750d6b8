"""`tingsu report`: figures of the last days, in the terminal. Nothing is estimated; what was not counted is shown as –."""
from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.dialogue.summary import names
from bot.settings import Settings

_CLOSED = ("closed", "withdrawn")


def print_report(settings: Settings, days: int) -> None:
    """Volume, causes, severity, clocks kept, satisfaction, handovers."""
    from bot.desk.figures import figures
    from bot.schema import prepare
    from kb_connector.records import open_records
    prepare(settings.database_url)
    records, now, console = open_records(settings.database_url, policy_dir=settings.policy_dir, clock=settings.clock, create=False), settings.clock(), Console()
    tickets = [t for t in _all(records.tickets) if datetime.fromisoformat(t["created_at"]) >= now - timedelta(days=days)]
    console.print(f"最近 {days} 天，共 {len(tickets)} 件投诉")
    for title, rows in sections(tickets, now):
        console.print(_table(title, rows))
    desk = figures(records.engine, now, days)
    console.print(_table("人工坐席", [("接待会话", str(desk["taken"])), ("未接起", str(desk["missed"])), ("等待中位数（秒）", shown(desk["wait_seconds"]))]))
    records.engine.dispose()


def sections(tickets: list[dict[str, Any]], now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """(title, rows) for the tickets given; pure."""
    causes = Counter(i["cause"] for t in tickets for i in t["issues"])
    scores = [t["satisfaction"]["score"] for t in tickets if t["satisfaction"]]
    return [
        ("问题类型", [(names()["causes"].get(c, c), str(n)) for c, n in causes.most_common(12)]),
        ("严重程度", _counted(t["severity"] for t in tickets)),
        ("状态", _counted(t["status"] for t in tickets)),
        ("时限", [("首次人工答复已超时", str(sum(_late(t, "first_reply", now) for t in tickets))), ("方案已超时", str(sum(_late(t, "plan", now) for t in tickets))),
                 ("办结已超时", str(sum(_late(t, "close", now) for t in tickets)))]),
        ("满意度", [("评价份数", str(len(scores))), ("中位数", shown(median(scores) if scores else None)), ("四分及以上", f"{sum(s >= 4 for s in scores)}")])]


def shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:g}"


def _counted(values: Any) -> list[tuple[str, str]]:
    return [(value, str(n)) for value, n in sorted(Counter(values).items())]


def _late(ticket: dict[str, Any], clock: str, now: datetime) -> bool:
    """The clock has run out and nobody has done what it waits for."""
    due = ticket["due"].get(clock)
    if not due or datetime.fromisoformat(due) >= now:
        return False
    done = {"first_reply": ticket["status"] not in ("draft", "filed"), "plan": ticket["remedy"]["status"] != "none" or ticket["status"] in _CLOSED,
            "close": ticket["status"] in _CLOSED}
    return not done[clock]


def _all(tickets: Any) -> list[dict[str, Any]]:
    rows, cursor = [], None
    while True:
        page = tickets.search(limit=200, cursor=cursor)
        rows += [t.as_json() for t in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return rows


def _table(title: str, rows: list[tuple[str, str]]) -> Table:
    table = Table(title=title, show_header=False, title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    for row in rows or [("–", "")]:
        table.add_row(*row)
    return table
