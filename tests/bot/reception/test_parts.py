"""What goes into one call: split by bytes, never inside a character, joined to save quota."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reception.parts import Part, coalesce, numbered, size, split

FAMILY, FLAG, THUMB = "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=1500), st.integers(60, 300))
def test_nothing_is_lost_and_no_piece_is_too_long(text, most):
    pieces = split(text, most)
    assert "".join(pieces) == text and all(0 < size(piece) <= most for piece in pieces)


@pytest.mark.parametrize("length", [2047, 2048, 2049])
def test_the_limit_falls_inside_a_han_character(length):
    text = "a" * (length - 3 * 682) + "投" * 682
    assert size(text) == length
    assert [size(piece) <= 2048 for piece in split(text, 2048)] == [True] * (1 if length <= 2048 else 2)


@pytest.mark.parametrize("emoji", [FAMILY, FLAG, THUMB, "😡"])
@pytest.mark.parametrize("before", range(0, 12))
def test_an_emoji_is_never_torn_apart(emoji, before):
    pieces = split("a" * (100 - before) + emoji + "b" * 100, 100)
    assert sum(emoji in piece for piece in pieces) == 1


def test_a_long_text_is_cut_after_a_sentence():
    first, _ = split("一" * 25 + "。" + "二" * 20, 120)
    assert first.endswith("。")


def bot(text, **more):
    return Part("bot", text, covers=(len(text),), **more)


def test_the_bubbles_of_one_turn_travel_together():
    assert [p.text for p in coalesce([bot("抱歉。"), bot("哪天买的？"), Part("system", "前面3位。")], 2048)] == ["抱歉。\n\n哪天买的？", "前面3位。"]


def test_options_stay_last_and_photos_travel_alone():
    parts = coalesce([bot("一"), bot("二", options=({"id": "a", "label": "甲"},)), bot("三"), bot("", attachment={"id": "p"})], 2048)
    assert [(p.text, len(p.options), bool(p.attachment)) for p in parts] == [("一\n\n二", 1, False), ("三", 0, False), ("", 0, True)]


def test_a_part_keeps_the_rows_it_carries():
    assert coalesce([bot("一"), bot("二二")], 2048)[0].covers == (1, 2)


def test_options_without_buttons_are_numbered():
    assert numbered("哪个？", [{"id": "a", "label": "甲"}, {"id": "b", "label": "乙"}]) == "哪个？\n1. 甲\n2. 乙"
