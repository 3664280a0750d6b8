"""What customers ask for, and what only sounds like it."""
import pytest
import yaml

from bot.nlu import wishes
from bot.nlu.normalise import fold
from bot.vocabulary import DEMANDS


def found(text, **how):
    return {s.value for s in wishes.find(fold(text), **how)}


@pytest.mark.parametrize("text, classes", [
    ("我要退款", {"退款"}), ("把钱退给我就行", {"退款"}), ("给我换台新的，再道个歉", {"更换", "道歉"}), ("多扣的退我", {"部分退款"}), ("按假一赔十来", {"惩罚性赔偿"}),
    ("把那个员工开除", {"处理员工"}), ("给我个说法", {"解释"}), ("套餐给我改回去", {"恢复服务"}), ("赶紧给我修好", {"修理"}), ("你们得先垫医药费", {"赔偿"}), ("说好的坏一赔十呢", {"惩罚性赔偿"}),
    ("活动价的差额补我呗", {"部分退款"}), ("半价退我也行", {"部分退款"}), ("请停用并退费", {"取消", "退款"}), ("请重开一张", {"重作"}), ("蛋糕再烤一个送来", {"重作"}), ("补偿凑个三百吧", {"赔偿"}),
    ("希望对工作人员进行培训", {"改进"}), ("请对涉事主管作出处理并通报", {"处理员工"}), ("书面道歉就行", {"道歉"}), ("请出具书面说明", {"解释"}), ("漏发的螺丝麻烦寄来", {"补足"}), ("发票请退回信用卡", {"退款"})])
def test_wishes(text, classes):
    assert found(text) == classes


@pytest.mark.parametrize("text, classes", [
    ("药费你们出", {"赔偿"}), ("东西拉回去", {"退货"}), ("那个年卡不要了哈", {"取消"}), ("空调弄巴适就行了噻", {"修理"}), ("那个人调走", {"处理员工"}), ("钱打我卡上", {"退款"}), ("暖气啥前儿给烧热乎", {"恢复服务"}),
    ("补起那份毛肚撒", {"补足"}), ("区区一句对不起，不难为您吧", {"道歉"}), ("往后多整俩窗口行不", {"改进"}), ("我就图一个明白", {"解释"}), ("退", {"退款"}), ("换", {"更换"})])
def test_the_question_for_the_wish_makes_oblique_words_one(text, classes):
    assert found(text, asked=True) == classes


@pytest.mark.parametrize("text", [
    "退款到现在还没到", "不给退货", "退款页面打不开", "退款申请被驳回了两次", "退押金要先交手续费", "他给我打电话道歉了，态度还行", "商家说换一件就得再付运费", "客服让换货再下单", "理赔慢得要命，拖了两个月", "保修期内坏了三回",
    "烦请查找，收件人我姓沈", "免费领鸡蛋要登记身份证"])
def test_what_is_no_wish(text):
    assert found(text) == set()


def test_a_class_is_told_once():
    assert [s.value for s in wishes.find("退款退款，我要退款，马上退款")] == ["退款"]


def test_every_class_of_the_table_is_a_demand(request):
    table = yaml.safe_load((request.config.rootpath / "bot" / "nlu" / "wishes.yml").read_text(encoding="utf-8"))
    assert set(table) == set(DEMANDS) - {"其他"}
    assert all(set(words) <= {"told", "asked"} and "told" in words for words in table.values())
