"""Lunar days and named days against the published almanac."""
from datetime import date

import pytest

from bot.nlu import lunar
from bot.nlu.festivals import FESTIVALS, NUMBERED, festival_date, in_year


@pytest.mark.parametrize("year, new_year", [
    (2000, (2, 5)), (2010, (2, 14)), (2015, (2, 19)), (2018, (2, 16)), (2020, (1, 25)), (2021, (2, 12)), (2022, (2, 1)), (2023, (1, 22)), (2024, (2, 10)), (2025, (1, 29)), (2026, (2, 17)), (2027, (2, 6)),
    (2028, (1, 26)), (2029, (2, 13)), (2030, (2, 3)), (2033, (1, 31)), (2034, (2, 19)), (2036, (1, 28)), (2039, (1, 24))])
def test_new_years_days(year, new_year):
    assert lunar.solar(year, 1, 1) == date(year, *new_year)


@pytest.mark.parametrize("name, year, day", [
    ("中秋", 2024, (9, 17)), ("中秋", 2025, (10, 6)), ("中秋", 2026, (9, 25)), ("端午", 2025, (5, 31)), ("端午", 2028, (5, 28)), ("七夕", 2026, (8, 19)), ("重阳", 2026, (10, 18)), ("元宵", 2027, (2, 20)),
    ("清明", 2026, (4, 5)), ("冬至", 2024, (12, 21)), ("冬至", 2026, (12, 22)), ("母亲节", 2026, (5, 10)), ("父亲节", 2026, (6, 21)), ("双十一", 2026, (11, 11))])
def test_named_days(name, year, day):
    assert in_year(name, year) == date(year, *day)


def test_new_years_eve_is_the_day_before():
    assert festival_date("除夕", date(2026, 11, 22)) == date(2026, 2, 16)
    assert festival_date("除夕", date(2026, 11, 22), future=True) == date(2027, 2, 5)


@pytest.mark.parametrize("name", [*FESTIVALS, *NUMBERED])
def test_every_name_has_a_past_and_a_coming_day(name):
    today = date(2026, 11, 22)
    assert festival_date(name, today) <= today <= festival_date(name, today, future=True)


@pytest.mark.parametrize("when", [(1999, 1, 1), (2040, 1, 1), (2026, 13, 1), (2026, 1, 31), (2026, 0, 1)])
def test_what_the_almanac_does_not_know_is_none(when):
    assert lunar.solar(*when) is None
