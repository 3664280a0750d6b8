"""Risks: each entry's own examples, and sentences that say it without the usual word, beside their look-alikes."""
import json
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.nlu import risk_rules, risks
from bot.nlu.normalise import fold
from bot.vocabulary import RISKS

KINDS = ("figures", "certain", "supporting", "unless")
SENTENCES = [json.loads(line) for line in (Path(__file__).parent / "risk_sentences.jsonl").read_text(encoding="utf-8").splitlines()]


def _examples(key: str, kinds: tuple[str, ...] = KINDS) -> list[tuple[str, str]]:
    return [(name, entry[key]) for name, rule in risk_rules.entries().items() for kind in kinds for entry in rule[kind] if key in entry]


def _told(text: str) -> set[str]:
    """By words alone: the model is asked nothing."""
    return {risk.name for risk in risks.find(fold(text), {})}


def test_every_risk_of_the_vocabulary_has_its_words():
    assert set(risk_rules.entries()) == set(RISKS)


def test_every_entry_shows_what_it_means():
    for name, rule in risk_rules.entries().items():
        assert all("quiet" in entry for kind in KINDS for entry in rule[kind]), name
        assert all("fires" in entry for kind in ("certain", "supporting") for entry in rule[kind]), name


@pytest.mark.parametrize("name, text", _examples("fires"))
def test_the_words_fire(name, text):
    assert name in _told(text)


@pytest.mark.parametrize("name, text", _examples("quiet"))
def test_the_look_alike_is_quiet(name, text):
    assert name not in _told(text)


def test_a_figure_of_speech_hides_only_itself():
    assert "self_harm" not in _told("跳楼价买的鞋，穿两天就断")
    assert "self_harm" in _told("跳楼价买的鞋，客服还骂我，我真的不想活了")


def test_the_words_are_quoted_from_the_message():
    assert [r.text for r in risks.find(fold("笑死，但是我后脑缝了五针"), {}) if r.name == "injury"] == ["缝了五针"]


def test_the_model_alone_may_tell_a_risk_that_no_word_shows():
    assert {r.name for r in risks.find("无从说起", {"staff_misconduct": 0.95})} == {"staff_misconduct"}
    assert risks.find("无从说起", {"staff_misconduct": 0.95}, harmless=0.9) == []


@pytest.fixture(scope="module")
def heard(model, tmp_path_factory) -> list[tuple[dict, set[str]]]:
    import tarfile
    from datetime import datetime

    from bot.nlu.understand import Understander
    from bot.settings import SHANGHAI
    folder = tmp_path_factory.mktemp("nlu")
    with tarfile.open(model) as archive:
        archive.extractall(folder)
    understander = Understander.load(next(folder.rglob("linear.zip")).parent)
    now = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)
    return [(row, {r["name"] for r in understander.parse(row["text"], now)["risks"]}) for row in SENTENCES]


def test_sentences_without_the_usual_word_are_heard(heard):
    fires = [(row["about"], row["text"]) for row, found in heard if row["fires"] and row["about"] not in found]
    wanted = sum(row["fires"] for row, _ in heard)
    assert 1 - len(fires) / wanted >= 0.92, fires
    least = Counter(about for about, _ in fires)
    assert all(least[name] <= 6 for name in ("self_harm", "violence", "danger_now", "food_poisoning", "injury")), fires


def test_look_alikes_raise_no_alarm(heard):
    alarms = [(row["text"], found) for row, found in heard if not row["fires"] and found - {"hazard"}]
    assert len(alarms) / sum(not row["fires"] for row, _ in heard) <= 0.05, alarms


def test_a_message_of_thirty_characters_costs_a_quarter_of_a_millisecond():
    texts = [fold(row["text"][:30]) for row in SENTENCES]
    for text in texts:
        risks.find(text, {})                              # patterns compile on first use
    began = time.process_time()
    for text in texts:
        risks.find(text, {})
    assert (time.process_time() - began) / len(texts) < 0.00025
