"""The platforms' allowance: 5 in 48 hours after a message, 3 in a minute after a click."""
from __future__ import annotations

from bot.reception.quota import Limits, Quota

LIMITS, HOUR = Limits(), 3600.0


def test_a_message_allows_five():
    quota = Quota().heard("message", 1000)
    for left in (5, 4, 3, 2, 1, 0):
        assert quota.left(LIMITS, 1001) == left
        quota = quota.spent(LIMITS, 1001)


def test_the_window_closes_after_48_hours():
    quota = Quota().heard("message", 1000)
    assert (quota.left(LIMITS, 1000 + 48 * HOUR - 1), quota.left(LIMITS, 1000 + 48 * HOUR + 1)) == (5, 0)


def test_a_click_allows_three_within_a_minute_and_fills_nothing_up():
    used_up = Quota(message_at=1000, message_used=5).heard("click", 2000)
    assert (used_up.left(LIMITS, 2060), used_up.left(LIMITS, 2061)) == (3, 0)


def test_the_allowance_that_lapses_first_goes_first():
    both = Quota().heard("message", 1000).heard("click", 1010).spent(LIMITS, 1011)
    assert (both.click_used, both.message_used, both.left(LIMITS, 1100)) == (1, 0, 5)


def test_a_repeated_delivery_fills_nothing_up():
    quota = Quota().heard("message", 1000).spent(LIMITS, 1001)
    assert quota.heard("message", 1000) == quota and quota.heard("message", 999) == quota


def test_what_was_not_sent_costs_nothing_but_never_more_than_it_cost():
    before = Quota().heard("message", 1000)
    after = before.spent(LIMITS, 1001)
    assert after.returned(before) == before
    heard_meanwhile = after.heard("message", 1002)
    assert heard_meanwhile.returned(before) == heard_meanwhile


def test_when_the_platform_says_no_more_we_believe_it():
    assert Quota().heard("message", 1000).exhausted(LIMITS, 1001).left(LIMITS, 1001) == 0
