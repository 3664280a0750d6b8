"""The check finds what it is for, and this repository passes it."""
from __future__ import annotations

import pytest

from bot.commands import check
from bot.settings import Settings


def test_this_repository_is_in_order():
    assert check.problems(Settings.from_environment()) == []


@pytest.mark.parametrize("text, why", [
    ("您怎么不早说呢", "hurts"), ("你懂不懂最基本的技巧", "hurts"), ("这确实是我们的错", "admits"), ("我们承认，责任全在我们", "admits"), ("三天内一定给您退", "promises"),
    ("我保证会赔", "promises"), ("给您赔500", "promises"), ("已经为您退款", "promises"), ("投诉也没用", "discourages"), ("你先等着", "not said"), ("是吗？真的吗？", "more than once"),
    ("一" * 61 + "。", "longer")])
def test_unfit_words_are_found(text, why):
    assert any(why in fault for fault in check.faults(text)), check.faults(text)


@pytest.mark.parametrize("text", ["真的很抱歉，让您受累了。", "按公布的标准，最终以工作人员核定为准。", "您好，我在。", "自己的钱悬着，换谁都急。", "有结果会写在编号下面，您随时能问。"])
def test_fit_words_pass(text):
    assert check.faults(text) == []


def test_broken_yaml_names_file_and_line(tmp_path, monkeypatch):
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "broken.yml").write_text("a: 1\nb: [1,\nc: 2\n", encoding="utf-8")
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "DATA", tmp_path / "nlu_data")
    assert [line.startswith("bot/broken.yml:") for line in check.problems(Settings.from_environment())] == [True]


def test_wrong_labels_and_doubles_in_the_training_data_are_named(tmp_path, monkeypatch):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "nlu.yml").write_text("nlu:\n- intent: greet\n  metadata: {emotion: merry}\n  examples: |\n    - 你好呀你好\n    - 你好呀，你好！\n    - [洗衣机](gadget)坏了\n", encoding="utf-8")
    monkeypatch.setattr(check, "DATA", tmp_path)
    monkeypatch.setattr(check, "ROOT", tmp_path)
    found = "\n".join(check._training_data(Settings.from_environment()))
    assert "emotion merry" in found and "also under greet" in found and "entity gadget" in found
