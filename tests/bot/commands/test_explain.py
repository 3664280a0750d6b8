"""`tingsu nlu explain` says why, and what to do where there is no model."""
from __future__ import annotations

import dataclasses
import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from bot.commands.explain import explain, speaking
from bot.commands.train import model_path
from bot.nlu.understand import NoModel, Understander
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, model: Path) -> Settings:
    own = dataclasses.replace(Settings.from_environment(), var_dir=tmp_path)
    model_path(own).parent.mkdir(parents=True)
    shutil.copy(model, model_path(own))
    return own


def test_a_message_is_taken_apart_for_people(settings: Settings) -> None:
    shown = io.StringIO()
    explain(settings, "热水壶用了两天就漏水，打电话那女的还嫌我烦", console=Console(file=shown, width=160))
    text = shown.getvalue()
    for said in ("words      热 / 水壶", "热水壶=kitchen_appliances", "漏水=", "complain_quality", "complain_attitude", "P2D", "打电话那女的还嫌我烦", "emotion"):
        assert said in text


def test_what_speaks_for_a_label_adds_up_to_its_margin(settings: Settings) -> None:
    model = Understander.unpacked(model_path(settings)).model
    head, text = model.heads["issues"], "热水壶漏水"
    place = head.first + head.labels.index("complain_quality")
    parts = speaking(model, "issues", "complain_quality", text, most=10_000)
    assert sum(weight for _, weight in parts) + float(model.bias[place]) == pytest.approx(float(model.margins(text)[place]), abs=1e-3)


def test_without_a_model_the_command_that_makes_one_is_named(settings: Settings) -> None:
    model_path(settings).unlink()
    with pytest.raises(NoModel, match="./tingsu train"):
        Understander.unpacked(model_path(settings))
