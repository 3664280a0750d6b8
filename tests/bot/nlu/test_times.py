"""Dates, clock times and durations against Sunday 22 November 2026, noon."""
from datetime import datetime

import pytest

from bot.nlu import times
from bot.nlu.normalise import fold
from bot.settings import SHANGHAI

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


def found(text, entity, now=NOW):
    return [s.value for s in sorted(times.find(fold(text), now), key=lambda s: s.start) if s.entity == entity]


@pytest.mark.parametrize("text, values", [
    ("上周六买的", ["2026-11-14"]), ("上上周三", ["2026-11-04"]), ("大前天晚上", ["2026-11-19"]), ("双十一那天", ["2026-11-11"]), ("国庆那天", ["2026-10-01"]),
    ("中秋送到的", ["2026-09-25"]), ("11月初", ["2026-11"]), ("五月买的", ["2026-05"]), ("去年三月十五号", ["2025-03-15"]), ("12月5号", ["2025-12-05"]),
    ("五号那趟", ["2026-11-05"]), ("周六", ["2026-11-21"]), ("三天前", ["2026-11-19"]), ("2026-10-05", ["2026-10-05"]), ("今天中午", ["2026-11-22"]),
    ("晚上八点多", ["2026-11-22T20:00"]), ("上个月二十三号下午两点四十", ["2026-10-23T14:40"]), ("凌晨一点", ["2026-11-22T01:00"]), ("19:30", ["2026-11-22T19:30"]),
    ("上周六晚上八点", ["2026-11-14T20:00"]), ("这个月的账单", ["2026-11"]), ("三点意见", []), ("第三天", []), ("夏天", []), ("月亮", []), ("二号线", [])])
def test_times(text, values):
    assert found(text, "time") == values


def test_when_to_call_looks_ahead():
    assert found("周三下午三点以后打给我", "time") == ["2026-11-25T15:00"]


def test_vague_times_have_no_value():
    assert found("前段时间", "time") == [None]


@pytest.mark.parametrize("text, values", [("才用三天", ["P3D"]), ("等了三个礼拜", ["P21D"]), ("俩月没信儿", ["P2M"]), ("半小时", ["PT30M"]), ("两年多了", ["P2Y"]),
                                          ("三分钟内取消", ["PT3M"]), ("一个多月", ["P1M"]), ("五月", []), ("每天", [])])
def test_durations(text, values):
    assert found(text, "duration") == values


def test_working_days_say_so():
    span = next(s for s in times.find("三个工作日", NOW) if s.entity == "duration")
    assert (span.value, span.extra) == ("P3D", {"working": True})


@pytest.mark.parametrize("day", [datetime(2024, 2, 29, tzinfo=SHANGHAI), datetime(2026, 1, 1, tzinfo=SHANGHAI), datetime(2026, 3, 31, tzinfo=SHANGHAI)])
def test_no_day_of_the_year_breaks_it(day):
    for text in ("上个月31号", "2月30号", "去年2月29日", "上上周日", "99月99号", "0点", "25点", "三百天前"):
        found(text, "time", day)
