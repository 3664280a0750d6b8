"""Of all names in a message, those that the complaint is about."""
import pytest

from bot.nlu.naming import chosen
from bot.nlu.span import Span


def said(folded: str, entity: str, text: str) -> Span:
    start = folded.index(text)
    return Span(entity, start, start + len(text), text, 0.8, "crf")


def values(spans, entity):
    return [s.value for s in spans if s.entity == entity]


def test_a_name_does_not_end_inside_a_word():
    text = "玻璃水杯倒热水炸了"
    assert values(chosen(text, [said(text, "product", "玻璃水")], "complain_injury_safety"), "product") == ["玻璃水杯"]


@pytest.mark.parametrize("intent, kept", [("complain_price_billing", []), ("complain_attitude", ["你们经理"])])
def test_a_mere_role_counts_only_where_people_are_the_matter(intent, kept):
    text = "你们经理说电子屏没来得及换"
    assert values(chosen(text, [said(text, "staff", "你们经理")], intent), "staff") == kept


def test_a_badge_number_is_a_person():
    assert values(chosen("我不想再跟这个工号2216的讲话了", [], "complain_attitude"), "staff") == ["工号2216"]


def test_small_talk_names_nothing():
    text = "卡刷爆了也没抢着那个包"
    assert chosen(text, [said(text, "product", "包")], "chitchat") == []


def test_a_common_noun_helps_only_in_a_short_message_about_goods():
    assert values(chosen("电热毯只热一半", [], "complain_quality"), "product") == ["电热毯"]
    assert values(chosen("电热毯只热一半", [], "complain_finance"), "product") == []
    assert values(chosen("电热毯只热一半", [], "complain_finance", asked="product"), "product") == ["电热毯"]
