"""The report counts; it never estimates."""
from __future__ import annotations

from datetime import timedelta

from bot.commands.report import sections, shown
from bot.testing import MONDAY


def ticket(**changes):
    due = {step: (MONDAY + timedelta(hours=h)).isoformat() for step, h in (("first_reply", -1), ("plan", 2), ("close", 48))}
    return {"issues": [{"cause": "complain_quality"}], "severity": "L1", "status": "filed", "due": due, "remedy": {"status": "none"}, "satisfaction": None} | changes


def test_causes_levels_and_states_are_counted():
    rows = dict(sections([ticket(), ticket(severity="L3"), ticket(status="closed")], MONDAY))
    assert rows["问题类型"] == [("质量问题", "3")]
    assert rows["严重程度"] == [("L1", "2"), ("L3", "1")] and dict(rows["状态"]) == {"closed": "1", "filed": "2"}


def test_a_clock_counts_as_missed_only_when_nobody_has_answered():
    rows = dict(sections([ticket(), ticket(status="acknowledged")], MONDAY))
    assert dict(rows["时限"]) == {"首次人工答复已超时": "1", "方案已超时": "0", "办结已超时": "0"}


def test_what_was_not_counted_is_a_dash():
    assert dict(dict(sections([], MONDAY))["满意度"])["中位数"] == "–" and shown(None) == "–" and shown(4.0) == "4"


def test_the_report_is_printed_from_a_database(house, capsys):
    from bot.commands.report import print_report
    print_report(house.settings, 30)
    assert "最近 30 天" in capsys.readouterr().out
