"""What customers ask for, and what only sounds like it."""
import pytest

from bot.nlu import wishes
from bot.nlu.normalise import fold


@pytest.mark.parametrize("text, classes", [
    ("我要退款", {"退款"}), ("把钱退给我就行", {"退款"}), ("给我换台新的，再道个歉", {"更换", "道歉"}), ("多扣的退我", {"部分退款"}), ("按假一赔十来", {"惩罚性赔偿"}),
    ("把那个员工开除", {"处理员工"}), ("给我个说法", {"解释"}), ("套餐给我改回去", {"恢复服务"}), ("赶紧给我修好", {"修理"}), ("退款到现在还没到", set()), ("不给退货", set())])
def test_wishes(text, classes):
    assert {s.value for s in wishes.find(fold(text))} == classes
