"""Which part of a message answers, and what was told in passing."""
from __future__ import annotations

import pytest

from bot.dialogue.fits import answering, place
from bot.dialogue.understood import Found, Understood


@pytest.mark.parametrize("text, spot", [
    ("你们食堂三楼窗口打菜的阿姨不戴口罩", "食堂三楼窗口"), ("我在政务大厅办居住证排了一上午", "政务大厅"), ("昨天下午在你们超市买的五花肉", "超市"), ("骗子！买了你们直播间的羊绒衫", "直播间"),
    ("在健身房办的年卡", "健身房"), ("推开窗户对面是堵墙。前天入住的，海韵酒店", "海韵酒店"), ("价签写12.8，收银打的16.8。牛奶，和平路店，今天中午", "和平路店")])
def test_a_place_said_in_passing_is_known(text, spot):
    assert place(text) == spot


@pytest.mark.parametrize("text", ["我妈现在在医院", "刚从社区医院挂完水回来", "从超市出来手机就黑屏了", "不打电话就扔驿站了", "退货都签收半个月了"])
def test_where_somebody_is_now_is_not_where_it_happened(text):
    assert place(text) is None


def found(text: str, *entities: tuple[str, str]) -> Understood:
    return Understood(text=text, entities=tuple(Found(e, words, words, text.index(words), text.index(words) + len(words)) for e, words in entities))


@pytest.mark.parametrize("text, entity, part, whole", [
    ("YN20261107-12", "order_id", "YN20261107", "YN20261107-12"), ("合同编号JS-2025-0417", "order_id", "JS-2025-0417", "JS-2025-0417"), ("单号SD7300047514", "order_id", "SD7300047514", "SD7300047514")])
def test_a_number_is_taken_whole(text, entity, part, whole):
    assert answering(found(text, (entity, part)), "order_id")[1].value == whole


def test_a_baggage_tag_that_looks_like_a_landline_is_the_number():
    u, entity = answering(found("行李牌号0999123456", ("phone", "0999123456")), "tracking_no")
    assert entity.value == "0999123456" and u.entities == ()


def test_a_tracking_number_does_not_answer_for_the_order():
    assert answering(found("没有订单号，就这个FC000000123456", ("tracking_no", "FC000000123456")), "order_id")[1] is None
