"""Clocks count Chinese working time: split shifts, holidays and make-up days."""
from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from kb_connector import clocks
from kb_connector.errors import Rejected
from kb_connector.time import SHANGHAI


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def minutes(text: str | None) -> str | None:
    return text and text[:16]


@pytest.mark.parametrize("day, works", [
    ("2026-09-20", True), ("2026-09-25", False), ("2026-09-30", True), ("2026-10-01", False), ("2026-10-07", False),
    ("2026-10-08", True), ("2026-10-10", True), ("2026-10-11", False)])
def test_make_up_days_work_and_holidays_do_not(day, works):
    assert clocks.is_workday(date.fromisoformat(day)) is works


def test_years_the_calendar_does_not_know_work_from_monday_to_friday():
    assert [clocks.is_workday(date(2041, 7, day)) for day in range(1, 8)] == [True] * 5 + [False] * 2


@pytest.mark.parametrize("severity, filed, expected", [
    ("L1", "2026-11-23T10:00", {"first_reply": "2026-11-23T18:00", "plan": "2026-11-24T18:00", "close": "2026-11-26T18:00"}),
    ("L1", "2026-11-23T19:00", {"first_reply": "2026-11-24T18:00"}),
    ("L1", "2026-11-21T10:00", {"first_reply": "2026-11-23T18:00", "plan": "2026-11-23T18:00"}),        # a Saturday
    ("L2", "2026-11-23T11:00", {"first_reply": "2026-11-23T14:30"}),                                   # over lunch
    ("L2", "2026-09-30T17:00", {"first_reply": "2026-10-08T10:00", "plan": "2026-10-08T18:00", "close": "2026-10-10T18:00"}),
    ("L2", "2026-10-10T16:00", {"first_reply": "2026-10-10T18:00"}),                                   # a Saturday that works
    ("L3", "2026-11-23T02:00", {"first_reply": "2026-11-23T09:30", "plan": "2026-11-24T02:00"}),
    ("L4", "2026-10-01T02:00", {"first_reply": "2026-10-01T02:03", "plan": "2026-10-01T04:00", "close": None}),
    ("L0", "2026-10-01T12:00", {"first_reply": "2026-10-08T18:00", "plan": None, "close": None})])
def test_each_step_is_due_when_the_published_clock_says(policy, severity, filed, expected):
    due = clocks.due(policy, severity, at(filed))
    assert {step: minutes(due[step]) for step in expected} == expected


@pytest.mark.parametrize("sector, legal", [
    (None, "2026-10-15T17:00"), ("telecom", "2026-10-15T17:00"), ("telecom_outage_city", "2026-10-02T17:00"),
    ("courier", "2026-10-07T17:00"), ("banking_complex", "2026-10-30T17:00"), ("airline", "2026-10-20T18:00")])
def test_the_legal_limit_follows_the_sector(policy, sector, legal):
    assert minutes(clocks.due(policy, "L1", at("2026-09-30T17:00"), sector)["legal"]) == legal


def test_an_unknown_sector_is_refused(policy):
    with pytest.raises(Rejected):
        clocks.due(policy, "L1", at("2026-09-30T17:00"), "gardening")


@pytest.mark.parametrize("moment, is_open, opens", [
    ("2026-11-23T02:00", False, "2026-11-23T09:00"), ("2026-11-23T09:00", True, "2026-11-23T09:00"),
    ("2026-11-23T12:00", False, "2026-11-23T13:30"), ("2026-11-23T18:00", False, "2026-11-24T09:00"),
    ("2026-11-21T09:30", False, "2026-11-21T10:00"), ("2026-10-01T10:30", False, "2026-10-08T09:00"),
    ("2026-10-10T09:10", True, "2026-10-10T09:10")])
def test_the_house_knows_its_hours(policy, moment, is_open, opens):
    assert clocks.is_open(policy, at(moment)) is is_open
    assert minutes(clocks.next_opening(policy, at(moment)).isoformat()) == opens


def test_a_moment_from_another_time_zone_means_the_same_moment(policy):
    there = at("2026-11-23T10:00").astimezone(timezone.utc)
    assert clocks.due(policy, "L2", there) == clocks.due(policy, "L2", at("2026-11-23T10:00"))

