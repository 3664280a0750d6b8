"""The tuned engine says and stores exactly what Rasa's own engine says and stores."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.commands.benchmarks.load import dialogues
from bot.dialogue import engine as engines
from bot.testing import House

# What a customer may do besides answering: risks, cards, a person, corrections, cancelling, noise.
_ODD = [["转人工", "还在吗"], ["我要投诉，吃了你们的东西全家都进医院了", "在市一院", "三个人", "13800138000", "对"],
        ["我的身份证是110101199003071234", "帮我查一下"], ["退款一直不到账", "算了不投诉了", "对", "等等，还是要投诉"], ["。。。", "asdfgh", "???"],
        ["你们就是骗子！！！", "垃圾公司", "我要曝光你们", "说了八百遍了", "行吧，订单2024050911223344", "不对，订单号是2024050911223355"]]
_CHANGING = ("timestamp", "model_id", "assistant_id", "message_id", "message")


def _plain(value: Any) -> Any:
    """Without moments, row numbers and the random part of ticket numbers."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k not in _CHANGING}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, str) and value.startswith("{"):                     # the case: JSON in a slot
        case = json.loads(value)
        return _plain({k: v for k, v in case.items() if k not in ("heard_at", "progress_at", "message_id")})
    return re.sub(r"C\d{6}\w{4,}", "C…", value) if isinstance(value, str) else value


async def _conversations(house: House) -> list[tuple[list[Any], list[Any]]]:
    """Per dialogue: every bubble with its metadata, and every event in the tracker."""
    heard = []
    for number, lines in enumerate([*dialogues(), *_ODD]):
        customer = house.customer(f"same-{number}")
        for line in lines:
            await customer(line)
        bubbles = [[(m.text, m.stage, m.metadata) for m in answer.messages] for answer in customer.heard]
        tracker = await house.reception.engine.tracker(customer.conversation)
        heard.append((_plain(json.loads(json.dumps(bubbles))), _plain(tracker["events"])))
    return heard


@pytest.mark.slow
async def test_the_short_paths_change_no_word_and_no_event(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = await _conversations(House(tmp_path / "fast", model))
    with monkeypatch.context() as stock:
        stock.setattr(engines, "tune", lambda agent, executor: None)
        slow = await _conversations(House(tmp_path / "slow", model))
    for (bubbles, events), (expected_bubbles, expected_events) in zip(fast, slow, strict=True):
        assert bubbles == expected_bubbles
        assert events == expected_events


async def test_a_failing_action_costs_only_its_own_words(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(tmp_path, model)

    async def broken(*_: Any) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setitem(house.reception.engine._agent.processor.executor.actions, "action_greet", broken)
    customer = house.customer()
    assert (await customer("你好")).texts == ()
    assert (await customer("快递三天没动静了，到底还送不送")).texts
