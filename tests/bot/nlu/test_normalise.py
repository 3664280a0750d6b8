"""Folding never moves an offset and never fails, whatever is typed."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import fold


@given(st.text(st.characters(), max_size=200))
def test_every_character_keeps_its_place(text):
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("typed, folded", [
    ("ＡＢ１２", "ab12"), ("別再自動扣錢了", "别再自动扣钱了"), ("腿款", "退款"), ("质粮", "质量"), ("唔該", "不该"), ("a\u200bb", "a b"), ("你好！", "你好!")])
def test_what_people_type_becomes_what_models_know(typed, folded):
    assert fold(typed) == folded
