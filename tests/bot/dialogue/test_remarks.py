"""What a message says by its words alone."""
from __future__ import annotations

import pytest

from bot.dialogue import answers, remarks


@pytest.mark.parametrize("says, texts", [
    (remarks.asks_to_wait, ["等下，我去翻一下发票", "你先等等，我看下单子", "稍等", "等一下我找找", "我找找啊"]),
    (remarks.asks_where_it_stands, ["怎么还没人给我打电话", "到底处理没有啊", "有消息了吗", "那你们多久给我答复", "什么时候给我回电话", "到哪一步了"]),
    (remarks.urges, ["这个能快点吗", "催一下", "抓紧点啊", "能不能加急"]),
    (remarks.keeps_it, ["算了还是要投诉", "别撤", "先不撤了", "继续投诉"]),
    (remarks.begins_to_tell, ["你们这个快递啊", "我爸的药", "那个", "我想问下那个洗碗机", "是这样的"]),
    (remarks.is_about_the_robot, ["你这机器人真笨", "答非所问", "又问一遍，烦不烦", "会不会说人话"]),
    (remarks.plainly_complains, ["我要投诉", "东西坏的", "太差了"]),
    (answers.wants_nothing, ["没了", "没什么要求", "没有", "没什么特别的要求了"])])
def test_it_is_heard(says, texts):
    assert [t for t in texts if not says(t)] == []


@pytest.mark.parametrize("says, texts", [
    (remarks.asks_to_wait, ["等了三天", "等多久", "等下周一吧给我打电话13800001234", "上周六"]),
    (remarks.asks_where_it_stands, ["上周六买的", "快递员没打电话就扔驿站了，东西也没给我送上楼，态度还特别差", "修好"]),
    (remarks.urges, ["七天无理由怎么算", "快递丢了"]),
    (remarks.keeps_it, ["撤了吧", "不投诉了"]),
    (remarks.begins_to_tell, ["叽里咕噜", "a", "你们店几点关门?"]),
    (remarks.is_about_the_robot, ["我跟你讲", "洗衣机漏水"]),
    (answers.wants_nothing, ["没修好就退", "没有发票的话补给我"])])
def test_it_is_not_heard_in_other_words(says, texts):
    assert [t for t in texts if says(t)] == []


@pytest.mark.parametrize("text, digits", [("尾号3333", "3333"), ("3333", "3333"), ("手机后四位是1234", "1234"), ("一共3333块", None), ("33333", None)])
def test_the_last_four_digits_alone(text, digits):
    assert remarks.only_digits(text) == digits
