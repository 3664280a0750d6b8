"""The whole of /model/parse on the trained model: shape, bounds, and that it understands plain complaints."""
import string
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.understand import Understander
from bot.settings import SHANGHAI
from bot.vocabulary import COMPLAINT_INTENTS, EMOTIONS, ENTITIES, INTENTS, RISKS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def understander(model) -> Understander:
    return Understander.unpacked(model)


def test_two_grievances_and_their_facts(understander):
    text = "上周六在你们万达店买的洗衣机，四百六，才用三天就漏水，打客服电话那女的爱答不理的，气死我了！"
    parsed = understander.parse(text, NOW)
    assert {i["cause"] for i in parsed["issues"]} == {"complain_quality", "complain_attitude"}
    values = {e["entity"]: e["value"] for e in parsed["entities"]}
    assert (values["product"], values["store"], values["amount"], values["time"], values["duration"]) == ("洗衣机", "万达店", "460", "2026-11-14", "P3D")
    assert parsed["emotion"]["label"] in ("angry", "furious")
    by_cause = {i["cause"]: text[i["start"]:i["end"]] for i in parsed["issues"]}
    assert "漏水" in by_cause["complain_quality"] and "爱答不理" in by_cause["complain_attitude"]


@pytest.mark.parametrize("text, intent", [("转人工", "ask_human"), ("你是机器人吗", "ask_bot_identity"), ("我要退款", "provide_demand"), ("算了不投诉了", "withdraw"),
                                          ("我那个投诉到哪一步了", "ask_progress"), ("你好", "greet"), ("谢谢", "thank"), ("不知道", "dont_know")])
def test_plain_acts(understander, text, intent):
    assert understander.parse(text, NOW)["intent"]["name"] == intent


@pytest.mark.parametrize("text, risk", [("我真不想活了", "self_harm"), ("充电宝现在还在冒烟", "danger_now"), ("再不管我打12315", "media_legal"), ("我们一桌四个人全拉肚子", "food_poisoning"),
                                        ("我卡被人盗刷了六千", "account_fraud"), ("电水壶把我手烫伤了", "injury"), ("信不信我去砸你们店", "violence"), ("假一赔十你们赔不赔", "punitive_claim")])
def test_risks_are_seen(understander, text, risk):
    assert risk in {r["name"] for r in understander.parse(text, NOW)["risks"]}


@pytest.mark.parametrize("text", ["跳楼价也太便宜了", "笑死我了哈哈", "爱死你们家的蛋糕了", "砍一刀帮帮忙", "运单号FC000000123456"])
def test_look_alikes_are_no_risks(understander, text):
    assert understander.parse(text, NOW)["risks"] == []


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=300), st.text(string.printable, max_size=300), st.text("退款投诉漏水0123456789块元，。！ ", max_size=200)))
def test_any_text_gets_a_whole_answer(understander, text):
    parsed = understander.parse(text, NOW)
    assert parsed["intent"]["name"] in INTENTS and 0 <= parsed["intent"]["confidence"] <= 1
    assert parsed["emotion"]["label"] in EMOTIONS
    assert all(r["name"] in RISKS for r in parsed["risks"])
    assert all(i["cause"] in COMPLAINT_INTENTS and 0 <= i["start"] <= i["end"] <= len(text) for i in parsed["issues"])
    assert all(e["entity"] in ENTITIES and text[e["start"]:e["end"]] == e["text"] for e in parsed["entities"])


@pytest.mark.parametrize("text", ["", " ", "\ud800", "😀" * 50, "a@a." * 5000, "气" * 20_000, "1" * 20_000, "\x00\x07"],
                         ids=["empty", "blank", "lone surrogate", "emoji", "almost addresses", "one character", "digits", "control"])
def test_hostile_text_is_answered_in_bounded_time(understander, text):
    started = time.perf_counter()
    understander.parse(text, NOW)
    assert time.perf_counter() - started < 2


def test_better_than_guessing_on_voices_it_never_heard(understander):
    import json
    from pathlib import Path
    rows = [json.loads(line) for line in (Path(__file__).parent / "held_out.jsonl").read_text(encoding="utf-8").splitlines()]
    right = sum(understander.parse(r["text"], NOW)["intent"]["name"] in r["intents"] for r in rows)
    assert right / len(rows) >= 0.45, "64 intents, authors held out of training"
