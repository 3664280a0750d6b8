"""The index over patterns never hides one that would match."""
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.phrases import Phrase, Phrases, necessary

PATTERNS = ["缝了?[一二三]{1,3}针", "骨(?:折|裂)", "(?:烫|烧)伤(?!膏)", "我?(?:水|火)?", "不(?:止|只)我", "[^,]{0,3}痛", "(?<!大)雨", "(?:ab)+c?"]
INDEX = Phrases.of(Phrase(words, words) for words in PATTERNS)


@pytest.mark.parametrize("words, pieces", [("骨(?:折|裂)", {"骨"}), ("(?:烫|烧)伤", {"伤"}), ("骨折(?:了|啦)", {"骨折"}), ("(?:骨折|烫伤)了?", {"骨折", "烫伤"}), ("我?", {""})])
def test_every_match_has_one_of_the_necessary_pieces(words, pieces):
    assert necessary(words) == frozenset(pieces)


@given(st.text("缝了一针骨折裂烫烧伤膏我水火不止只,痛大雨abc"))
def test_no_match_is_lost(text):
    offered = {phrase.meaning for phrase in INDEX.candidates(text)}
    assert {words for words in PATTERNS if re.search(words, text)} <= offered


def test_a_phrase_is_offered_once():
    offered = [phrase.meaning for phrase in INDEX.candidates("烫伤烧伤骨折骨裂")]
    assert len(offered) == len(set(offered))
