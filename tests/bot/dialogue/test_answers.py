"""Short answers in the words that people use."""
from __future__ import annotations

import pytest

from bot.dialogue import answers


@pytest.mark.parametrize("text", ["对", "嗯嗯", "是的", "对的对的", "没错", "好的，没问题", "OK", "可以", "行", "中", "要得", "系啊", "没毛病", "都对，提交吧", "👌", "是啊就是这样"])
def test_yes_is_understood(text):
    assert answers.is_yes(text)


@pytest.mark.parametrize("text", ["对了，还有一件事", "不对", "好像不是", "行不行啊", "是上周五", "可以退款吗", "对面的店", "好几天了", "对不起"])
def test_what_only_starts_like_yes_is_no_yes(text):
    assert not answers.is_yes(text)


@pytest.mark.parametrize("text", ["不对", "不是", "错了", "有个地方不对", "不行", "搞错了", "不同意"])
def test_no_is_understood(text):
    assert answers.is_no(text)


@pytest.mark.parametrize("text", ["不知道", "记不清了", "忘了", "想不起来", "找不到了", "没有订单号", "跳过吧", "唔知", "小票早没了，找不着"])
def test_not_knowing_is_accepted(text):
    assert answers.does_not_know(text)


@pytest.mark.parametrize("text", ["不想说", "不方便", "不留了吧", "保密", "匿名", "凭什么告诉你们"])
def test_not_wanting_to_say_is_accepted(text):
    assert answers.will_not_say(text)


@pytest.mark.parametrize("text", ["刚才说过了", "我前面不是说了吗", "又问", "已经告诉你们了"])
def test_having_said_it_is_noticed(text):
    assert answers.already_said(text)


@pytest.mark.parametrize("text, rest", [("刚才说过了，飞驰快递", "飞驰快递"), ("说过了是万达店", "是万达店"), ("上周六", "上周六")])
def test_the_answer_after_the_reproach_is_kept(text, rest):
    assert answers.without_reproach(text) == rest


LABELS = ["免费维修", "更换同款", "退货退款"]


@pytest.mark.parametrize("text, index", [("第二个", 1), ("选三", 2), ("1", 0), ("就退货退款吧", 2), ("最后一个", 2), ("方案一", 0), ("第９个", None), ("都不要", None), ("等了三天了", None)])
def test_an_option_is_picked_by_number_or_by_name(text, index):
    assert answers.ordinal(text, LABELS) == index
