"""The bare answer to 「您希望怎么解决」 in the words that people use."""
from __future__ import annotations

import pytest

from bot.dialogue.wanted import wanted


@pytest.mark.parametrize("text, classes", [
    ("退了，别的不要", ["退款"]), ("该报的给报了", ["赔偿"]), ("给个准日子什么时候修好", ["解释", "修理"]), ("叫他们把口罩戴上，别打击报复就行", ["改进"]),
    ("差价退给我", ["部分退款"]), ("房费退一半", ["部分退款"]), ("多扣的退了，发票补给我，保安道歉", ["部分退款", "补足", "道歉"]), ("退一赔三", ["惩罚性赔偿"]),
    ("要么换电池要么退车", ["更换", "退货"]), ("25退我，彻底关掉", ["退款", "取消"]), ("线给我接上，再道个歉", ["修理", "道歉"]), ("先给我借个轮椅", ["恢复服务"]),
    ("赶紧给我修通", ["修理", "恢复服务"]), ("钱退了，这导游别让他再带团", ["退款", "处理员工"]), ("医药费你们得出", ["赔偿"]), ("到不了账就退给我", ["退款"]),
    ("重新送一束", ["补足"]), ("免费重贴", ["重作"]), ("来人给我校校表", ["修理"]), ("以后别再打了，查查谁漏的", ["改进", "解释"]), ("按原价收我，多的退回", ["部分退款"]),
    ("大姐得跟我赔不是", ["道歉"]), ("把征信改了", ["恢复服务"]), ("今天给我送到", ["恢复服务"]), ("照价赔", ["赔偿"]), ("把钱要回来，这种人得处理", ["退款", "处理员工"])])
def test_every_wish_has_its_class(text, classes):
    assert set(classes) <= set(wanted(text))


@pytest.mark.parametrize("text, none_of", [
    ("不是，我没有说要退货，我要修", {"退货", "退款"}), ("我不要退款，要换新的", {"退款"}), ("钱无所谓，就要个说法", {"退款", "赔偿"}), ("换个真人来", {"更换"}), ("给我个说法", {"修理", "赔偿"}),
    ("差价退我", {"退款"}), ("剩下的一年退给我", {"部分退款"})])
def test_what_is_denied_or_meant_otherwise_is_no_wish(text, none_of):
    assert not none_of & set(wanted(text))


@pytest.mark.parametrize("text", ["就是我前面说的那些", "嗯", "上周六买的", "哈哈你说话还挺客气"])
def test_no_wish_in_other_words(text):
    assert wanted(text) == []


def test_they_stand_in_the_order_of_the_telling():
    assert wanted("先道歉，再退款") == ["道歉", "退款"]
