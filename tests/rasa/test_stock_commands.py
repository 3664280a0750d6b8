"""The repository is a plain Rasa project: the stock commands work on it, and the protocol predicts the stories."""
from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import yaml

from bot.settings import ROOT

STORIES = ROOT / "tests" / "rasa" / "test_stories.yml"


def rasa(*words: str, seconds: int = 240) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "MPLBACKEND": "agg"}
    return subprocess.run([sys.executable, "-m", "rasa", *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds)


def test_the_data_is_valid_for_rasa():
    done = rasa("data", "validate", "-d", "bot/domain", "-c", "bot/config.yml", "--data", "nlu_data")
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert "No story structure conflicts found" in done.stdout + done.stderr


def test_every_story_is_predicted_by_the_protocol(tmp_path, model):
    done = rasa("test", "core", "-m", str(model), "-s", str(STORIES), "--endpoints", "bot/endpoints.yml", "--out", str(tmp_path), "--no-plot")
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert not (yaml.safe_load(failed) or {}).get("stories"), failed
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"]["accuracy"] == 1.0


def test_nlu_of_the_stories_is_right_with_the_stock_command(tmp_path, model):
    told = yaml.safe_load(STORIES.read_text(encoding="utf-8"))["stories"]
    examples: dict[str, list[str]] = {}
    for step in (s for story in told for s in story["steps"] if "user" in s):
        examples.setdefault(step["intent"], []).append(step["user"])
    data = {"version": "3.1", "nlu": [{"intent": i, "examples": "".join(f"- {t}\n" for t in texts)} for i, texts in examples.items()]}
    (tmp_path / "nlu.yml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    done = rasa("test", "nlu", "-m", str(model), "-u", str(tmp_path / "nlu.yml"), "--out", str(tmp_path), "--no-plot", "-c", "bot/config.yml", "-d", "bot/domain")
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert json.loads((tmp_path / "intent_report.json").read_text(encoding="utf-8"))["accuracy"] == pytest.approx(1.0)


def test_the_action_server_knows_every_action():
    from rasa_sdk.executor import ActionExecutor
    executor = ActionExecutor()
    executor.register_package("actions")
    listed = yaml.safe_load((ROOT / "bot" / "domain" / "_shared.yml").read_text(encoding="utf-8"))["actions"]
    assert sorted(executor.actions) == sorted(listed)
