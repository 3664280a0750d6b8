"""Money, counts, people and scores as customers write them."""
from decimal import Decimal

import pytest

from bot.nlu import amounts
from bot.nlu.normalise import fold
from bot.nlu.numerals import parse
from bot.nlu.span import without_overlaps


def found(text, entity):
    return [s.value for s in without_overlaps(amounts.find(fold(text))) if s.entity == entity]


@pytest.mark.parametrize("text, value", [("四百六", 460), ("一千二百五十", 1250), ("一百零五", 105), ("1w2", 12000), ("两千二", 2200), ("十五", 15), ("二〇二六", 2026),
                                         ("三千零五十", 3050), ("2万3", 23000), ("1.2万", 12000), ("九十九", 99), ("一亿", 100_000_000)])
def test_numbers(text, value):
    assert parse(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "个", "元", "百姓", "点"])
def test_what_is_no_number_is_none(text):
    assert parse(text) is None


@pytest.mark.parametrize("text, values", [
    ("四百六，才用三天", ["460"]), ("一千二百五十块五", ["1250.5"]), ("退休金少了两千", ["2000"]), ("价签写12.8，收银打的16.8", ["12.8", "16.8"]), ("19块9", ["19.9"]),
    ("只差一分钱", ["0.01"]), ("充了2480，前后十来笔", ["2480"]), ("花了三百多", ["300"]), ("差价20", ["20"]), ("￥99.9", ["99.9"]), ("一天烧六千", ["6000"]),
    ("万一坏了呢", []), ("千万别再打了", []), ("宽带1000兆", []), ("要一个说法", []), ("工号2216", [])])
def test_amounts(text, values):
    assert found(text, "amount") == values


def test_an_approximate_amount_says_so():
    span = next(s for s in amounts.find("花了三百多块") if s.entity == "amount")
    assert (span.value, span.extra) == ("300", {"approx": True})


@pytest.mark.parametrize("text, values", [("发重了两本语文", [2]), ("六瓶碎了四瓶", [6, 4]), ("叫了二十份小龙虾", [20]), ("第三瓶", []), ("一个说法", [])])
def test_quantities(text, values):
    assert found(text, "quantity") == values


@pytest.mark.parametrize("text, values", [("我们四个人都拉肚子", [4]), ("一家三口", [3]), ("三十多户都这样", [30]), ("六个家长", [6])])
def test_people(text, values):
    assert found(text, "people_count") == values


@pytest.mark.parametrize("text, values", [("五分", [5]), ("三颗星不能再多了", [3]), ("零分", [0]), ("三分钟", [])])
def test_ratings(text, values):
    assert found(text, "rating") == values
