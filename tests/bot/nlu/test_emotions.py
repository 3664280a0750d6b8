"""Emotion: words and risks move what the model thinks; every entry's own examples; sentences in the customers' own voices."""
import pytest

from bot.nlu import emotions
from bot.nlu.normalise import fold

WORDS = list(enumerate(emotions.entries()["words"]))
ORDER = ("calm", "dissatisfied", "angry", "furious")
SENTENCES = {
    "distressed": """
        我整晚睡不着，一闭眼就是那笔钱
        孩子烧到四十度，药还没送到，我快急疯了
        卡里的钱一下全没了，那是给我爸做手术的
        求您了，我实在没别的路可走了
        老伴躺在床上等着这台机器，我都不知道找谁
        我现在手抖得字都打不利索
        屋里全是煤气味，我带着孩子站在楼道不敢回去
        说着说着眼泪就下来了，对不住
        我妈被骗了一辈子的积蓄，饭也不吃，就坐着发呆
        房东赶我走，工资你们又压着，我真的没办法了
        他吃完就昏过去了，快点来个人啊
        我不想活了，太累了""",
    "furious": """
        你们这群王八蛋，良心让狗吃了
        滚，骗子公司，死全家
        老子跟你们没完，不赔我砸了你们的店
        一帮人渣，坑完老人坑孩子
        去你大爷的系统维护
        操了，又给我发错，瞎了你们的狗眼
        他妈的耍了我三个月
        气炸了，什么狗屁售后""",
    "angry": """
        凭什么扣我钱，谁给你们的权力
        当我是傻子糊弄呢
        太过分了，必须给个说法！！
        这什么态度，爱买不买？
        说好的免费，到门口要钱，合着耍我玩
        一分不能少，退给我
        你们这是欺负老实人
        推来推去，没一个能负责的，离谱""",
    "dissatisfied": """
        衣服洗一次就缩水了，挺失望的
        快递又放错柜子了
        等了一个小时菜还没上
        电池不太耐用，跟宣传差得有点远
        客服回得太慢
        票买贵了三十，差价没人管
        房间有股霉味
        包装破了，里面少一袋""",
    "calm": """
        请问周末几点关门
        订单号是FC20261101
        好的，明天下午打给我
        想问下发票怎么开
        谢谢你，处理得很快
        周六上午有空
        我在三号楼二单元
        太好吃了，下次还来""",
}


@pytest.mark.parametrize("number, entry", WORDS)
def test_the_words_are_heard(number, entry):
    assert number in emotions.shown(fold(entry["fires"]))
    assert number not in emotions.shown(fold(entry["quiet"]))


@pytest.mark.parametrize("risk", ["self_harm", "danger_now"])
def test_grave_risks_are_distress_however_calmly_they_are_told(risk):
    assert emotions.read({"calm": 0.7, "dissatisfied": 0.2, "angry": 0.1}, "一切都安排好了", {risk: 0.9})[0] == "distressed"


def test_laughter_takes_fury_and_distress_back():
    likely = {"calm": 0.3, "dissatisfied": 0.1, "distressed": 0.2, "furious": 0.4}
    assert emotions.read(likely, fold("吓死我了😂原来是惊喜"), {})[0] == "calm"


def test_without_words_and_risks_the_model_decides():
    assert emotions.read({"calm": 0.2, "dissatisfied": 0.8}, "一二三", {}) == ("dissatisfied", 0.8)


def _near(found: str, wanted: str) -> bool:
    return found == wanted or found in ORDER and wanted in ORDER and abs(ORDER.index(found) - ORDER.index(wanted)) == 1


def test_sentences_within_one_step(model, tmp_path):
    import tarfile
    from datetime import datetime

    from bot.nlu.understand import Understander
    from bot.settings import SHANGHAI
    with tarfile.open(model) as archive:
        archive.extractall(tmp_path)
    understander, now = Understander.load(next(tmp_path.rglob("linear.zip")).parent), datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
    heard = [(text, wanted, understander.parse(text, now)["emotion"]["label"]) for wanted, texts in SENTENCES.items() for text in texts.split()]
    wrong = [row for row in heard if not _near(row[2], row[1])]
    assert 1 - len(wrong) / len(heard) >= 0.9, wrong
