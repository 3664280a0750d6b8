"""Counts of goods and people, and scores; what only looks like a count gives nothing."""
import pytest

from bot.nlu import counts
from bot.nlu.normalise import fold


def found(text, entity):
    return [s.value for s in counts.find(fold(text)) if s.entity == entity]


@pytest.mark.parametrize("text, values", [
    ("20块两斤", [2]), ("三块地板", [3]), ("发了两箱", [2]), ("两份盖饭", [2]), ("三箱牛奶", [3]), ("叫了二十份小龙虾", [20]), ("教材发重了两本语文", [2]), ("六瓶碎了四瓶", [6, 4]), ("少发一件", [1]),
    ("少了一双", [1]), ("漏了一盒", [1]), ("只收到一只鞋", [1]), ("买了两个杯子", [2]), ("三个菜", [3]), ("5斤苹果", [5]), ("牛奶x2", [2]), ("订了十二个蛋糕", [12]), ("缺了三颗螺丝", [3]),
    ("两台空调", [2]), ("两张票", [2]), ("两包纸", [2]), ("俩瓶", [2]), ("三大箱", [3]), ("两大包", [2]), ("10盒面膜少了3盒", [10, 3]), ("一共四件只到了两件", [4, 2]), ("两对耳环", [2])])
def test_quantities(text, values):
    assert found(text, "quantity") == values


@pytest.mark.parametrize("text", [
    "第三瓶", "一个说法", "一个人", "一下", "一点", "一次", "两次", "三遍", "两个问题", "三个原因", "两个电话", "四个大字", "三条短信", "短信十七条", "留言九条", "价格法十四条", "零件坏了", "两套房", "两室一厅", "三层楼", "三件套", "5斤装",
    "胖五斤", "瘦了10斤", "两张图", "三张照片", "打了三个电话", "另一个", "七针", "两回", "三包", "三包政策", "三包期内", "两本来就", "三心二意", "五花八门", "十有八九", "一瓶水", "有一件事", "一双眼睛", "三个模板", "打12315打市长热线", "7×24小时"])
def test_what_is_no_quantity(text):
    assert found(text, "quantity") == []


@pytest.mark.parametrize("text, values", [
    ("我们四个人都拉肚子", [4]), ("一家三口", [3]), ("三十多户都这样", [30]), ("六个家长", [6]), ("五位老人", [5]), ("三名乘客", [3]), ("二十多人", [20]), ("两个孩子", [2]), ("俩孩子", [2]),
    ("我们俩人", [2]), ("一家五口人", [5]), ("十几个人", [10]), ("全楼一百多户", [100]), ("两百多号人", [200])])
def test_people(text, values):
    assert found(text, "people_count") == values


@pytest.mark.parametrize("text", ["两口子", "一口没吃", "一家人", "一个人", "两人份", "四人间", "双人床", "四人舱", "人工", "第三人", "几十人", "每人"])
def test_what_counts_no_people(text):
    assert found(text, "people_count") == []


@pytest.mark.parametrize("text, values", [
    ("五分", [5]), ("给1分", [1]), ("三颗星不能再多了", [3]), ("零分", [0]), ("打5星", [5]), ("满分", [5]), ("⭐⭐", [2]), ("负分", [0]), ("1分给坚持,4分给空气", [1]), ("三分钟", []),
    ("一分不给", []), ("一分钱一分货", []), ("三星手机", []), ("十分生气", []), ("五星级酒店", []), ("零星几个", []), ("两小时零五分", []), ("一分四十秒", [])])
def test_ratings(text, values):
    assert found(text, "rating") == values
