"""Guards against what goes wrong silently: Rasa's merges and fallbacks, names that drift apart, packages that need a compiler."""
from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot import vocabulary
from bot.settings import ROOT

DOMAIN = sorted((ROOT / "bot" / "domain").glob("*.yml"))
ACTIONS = sorted(p for p in (ROOT / "actions").glob("*.py") if p.stem != "__init__")
WORD_FILES = sorted([*(ROOT / "bot").rglob("*.yml"), *(ROOT / "nlu_data").rglob("*.yml"), *(ROOT / "kb_connector").rglob("*.yml")])


def read(path: Path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def step_classes() -> list[type]:
    from actions.step import StepAction
    found = []
    for path in ACTIONS:
        module = importlib.import_module(f"actions.{path.stem}")
        found += [c for _, c in inspect.getmembers(module, inspect.isclass) if issubclass(c, StepAction) and not inspect.isabstract(c) and c.__module__ == module.__name__]
    return found


# ---------------------------------------------------------------- Rasa's split domain

@pytest.mark.parametrize("kind", ["responses", "slots", "actions", "forms"])
def test_no_name_is_defined_in_two_domain_files(kind):
    """The winner would follow the order of os.walk."""
    owners = Counter(name for path in DOMAIN for name in set(read(path).get(kind) or ()))
    assert [name for name, n in owners.items() if n > 1] == []


@pytest.mark.parametrize("path", WORD_FILES, ids=named)
def test_no_key_stands_twice_in_one_mapping(path):
    """YAML keeps the last one and says nothing."""
    twice = []

    class Strict(yaml.SafeLoader):
        def construct_mapping(self, node, deep=False):
            keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
            twice.extend(key for key, n in Counter(map(str, keys)).items() if n > 1)
            return super().construct_mapping(node, deep)
    list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=Strict))
    assert twice == []


def test_the_session_is_configured_in_one_file():
    assert [p.name for p in DOMAIN if "session_config" in read(p)] == ["_shared.yml"]


def test_intents_and_entities_are_the_vocabularys():
    shared = read(ROOT / "bot" / "domain" / "_shared.yml")
    listed = [next(iter(row)) if isinstance(row, dict) else row for row in shared["intents"]]
    assert sorted(listed) == sorted(vocabulary.INTENTS)
    assert sorted(next(iter(e)) if isinstance(e, dict) else e for e in shared["entities"]) == sorted(vocabulary.ENTITIES)


# ---------------------------------------------------------------- actions

def test_actions_is_flat_and_shadows_no_package():
    """A file named like an importable package kills the action server."""
    assert [p.name for p in (ROOT / "actions").iterdir() if p.is_dir() and p.name != "__pycache__"] == []
    assert [p.stem for p in ACTIONS if _importable(p.stem)] == []


def _importable(name: str) -> bool:
    return name in sys.stdlib_module_names or importlib.util.find_spec(name) is not None


def test_one_action_per_file_named_after_it():
    by_module = Counter(c.__module__ for c in step_classes())
    assert [m for m, n in by_module.items() if n > 1] == []
    assert [c.step for c in step_classes() if c.__module__ != f"actions.{c.step}"] == []


def test_actions_in_the_domain_are_the_classes_and_no_name_twice():
    listed = read(ROOT / "bot" / "domain" / "_shared.yml")["actions"]
    assert sorted(listed) == sorted(f"action_{c.step}" for c in step_classes())
    assert len(listed) == len(set(listed))


def test_every_step_that_can_be_decided_has_an_action_and_a_stage_and_the_reverse():
    from bot.dialogue.steps import REACTIONS, TERMINAL
    from bot.dialogue.take import STAGE_OF
    decided = {m for path in ("decide.py", "urgent.py") for m in re.findall(r'Step\(\s*"(\w+)"', (ROOT / "bot" / "dialogue" / path).read_text(encoding="utf-8"))} - {"listen"}
    steps = {c.step for c in step_classes()}
    assert decided | set(REACTIONS.values()) | TERMINAL <= steps
    assert steps == set(STAGE_OF) and set(STAGE_OF.values()) <= set(vocabulary.STAGES)
    assert steps == decided | set(REACTIONS.values())


# ---------------------------------------------------------------- the phrasebook

def phrase_keys() -> set[str]:
    from bot.dialogue.wording import Phrasebook
    return {key.removeprefix("utter_") for key in Phrasebook.load().keys()}


def used_keys() -> tuple[set[str], set[str]]:
    """(whole keys, beginnings of keys) that the code names."""
    whole, starts = set(), set()
    for path in [*ROOT.glob("actions/*.py"), *ROOT.glob("bot/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z]\w*", node.value):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(first := node.values[0], ast.Constant) and re.fullmatch(r"[a-z]\w*_", str(first.value)):
                starts.add(first.value)
    return whole, starts


def test_every_sentence_of_the_phrasebook_is_used():
    whole, starts = used_keys()
    assert sorted(k for k in phrase_keys() if k not in whole and not any(k.startswith(s) for s in starts)) == []


def test_every_key_that_the_code_says_is_in_the_phrasebook():
    """The channels have a small book of their own."""
    keys, missing = phrase_keys(), []
    for path in [*ROOT.glob("actions/*.py"), *(p for p in ROOT.glob("bot/**/*.py") if "channels" not in p.parts)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("phrase", "say") and node.args and isinstance(node.args[0], ast.Constant):
                if isinstance(key := node.args[0].value, str) and re.fullmatch(r"[a-z_]+", key) and key not in keys:
                    missing.append(f"{named(path)}: {key}")
    assert missing == []


def test_every_cause_fact_risk_and_status_has_its_words():
    from bot.dialogue.steps import SPOKEN_RISKS
    from kb_connector.policy_loader import load_policy
    wanted = {f"apology_{c.removeprefix('complain_')}" for c in vocabulary.COMPLAINT_INTENTS} | {f"ask_{f}" for f in vocabulary.FACTS}
    wanted |= {f"safety_{r}" for r in SPOKEN_RISKS} | {f"status_name_{s}" for s in load_policy().lifecycle.statuses}
    assert sorted(wanted - phrase_keys()) == []


def test_the_words_of_every_change_of_hands_are_there():
    from bot.desk.handover import MOVES
    assert sorted({m.says for m in MOVES.values() if m.says} - phrase_keys()) == []


# ---------------------------------------------------------------- names and data

def test_the_training_data_uses_only_names_of_the_vocabulary():
    from bot.commands.check import _training_data
    assert [line for line in _training_data(None) if "unknown" in line] == []


def test_every_intent_has_enough_examples():
    counted: Counter = Counter()
    for path in (ROOT / "nlu_data").glob("*/nlu.yml"):
        for block in read(path)["nlu"]:
            counted[block.get("intent")] += sum(line.startswith("- ") for line in block.get("examples", "").splitlines())
    assert [i for i in vocabulary.INTENTS if counted[i] < 25] == [] and sum(counted.values()) >= 2_500


def test_the_policies_name_every_cause_and_risk():
    from kb_connector.policy_loader import load_policy
    severity = load_policy().severity
    assert set(severity.causes) == set(vocabulary.COMPLAINT_INTENTS) and set(severity.risks) == set(vocabulary.RISKS)


@pytest.mark.parametrize("path", sorted([*(ROOT / "bot" / "nlu").glob("*.py"), *(ROOT / "bot" / "dialogue").glob("*.py"), *(ROOT / "kb_connector").rglob("*.py")]), ids=named)
def test_no_word_border_in_patterns(path):
    r"""`\b` finds nothing between a digit and a Chinese character: \b\d{10,}\b misses 订单号2024051100123456还没到."""
    assert [node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\\b" in node.value and not _is_docstring(node.value)] == []


def _is_docstring(text: str) -> bool:
    return "`\\b" in text or "\n" in text


def test_full_width_digits_are_folded_before_they_are_kept():
    r"""`\d` matches １２３, too: what is stored must be 123."""
    from bot.nlu.identifiers import find
    from bot.nlu.normalise import fold
    text = "订单号２０２４０５１１００１２３４５６还没到，电话１３８００００１２３４"
    assert {s.value for s in find(fold(text), text)} >= {"2024051100123456", "13800001234"}


# ---------------------------------------------------------------- the house

def test_the_tracker_store_can_be_imported():
    """Rasa replaces a store that cannot be imported by one in memory; complaints would live until the restart."""
    from rasa.core.tracker_store import TrackerStore

    from bot.memory.tracker_store import BoundedTrackerStore
    assert issubclass(BoundedTrackerStore, TrackerStore)


@pytest.mark.parametrize("module", ["bot.dialogue.decide", "bot.dialogue.hear", "bot.dialogue.take", "bot.nlu.times", "bot.nlu.amounts", "bot.nlu.identifiers", "bot.desk.handover",
                                    "kb_connector.severity", "bot.settings", "bot.vocabulary"])
def test_decisions_import_no_framework(module):
    code = f"import sys, {module}; print([m for m in ('rasa', 'rasa_sdk', 'fastapi', 'sqlalchemy', 'redis', 'tensorflow', 'sklearn') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_records_import_nothing_of_ours():
    wrong = [named(p) for p in (ROOT / "kb_connector").rglob("*.py") if re.search(r"^\s*(?:from|import) (?:bot|actions)\b", p.read_text(encoding="utf-8"), re.M)]
    assert wrong == []


def test_channels_know_neither_actions_nor_rasa():
    wrong = [named(p) for p in (ROOT / "bot" / "channels").rglob("*.py") if re.search(r"^\s*(?:from|import) (?:actions|rasa|bot\.dialogue\.(?:engine|policy))\b", p.read_text(encoding="utf-8"), re.M)]
    assert wrong == []


def test_no_init_file_in_the_tests():
    """tests/bot/__init__.py would hide our `bot`."""
    assert [p for p in (ROOT / "tests").rglob("__init__.py") if "benchmarks" not in p.parts] == []


def test_customer_words_stand_in_yaml():
    """Chinese sentences in Python belong into bot/domain; patterns and names are fine."""
    said = []
    for path in ROOT.glob("actions/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[\u4e00-\u9fff]{6,}", node.value):
                said.append(f"{named(path)}: {node.value[:20]}")
    assert said == []


def test_nothing_in_the_lock_needs_a_compiler():
    """Every package comes as a wheel, for this platform or for all; a pure source package is named here."""
    pure = {"antlr4-python3-runtime", "docopt", "fire", "jieba", "pyhocon", "sanic-jwt", "twilio", "wechatpy", "opencc-python-reimplemented", "mattermostwrapper", "colorhash", "randomname"}
    elsewhere = {"tensorflow-macos", "tensorflow-metal", "tensorflow-intel", "tensorflow-cpu-aws", "appnope", "pywin32"}
    bare = []
    for block in (ROOT / "uv.lock").read_text(encoding="utf-8").split("[[package]]")[1:]:
        name = re.search(r'^name = "([^"]+)"', block, re.M)[1]
        if name in elsewhere:
            continue
        if "sdist = " in block and "wheels = [" not in block and name not in pure:
            bare.append(name)
        if "wheels = [" in block and name not in pure and not re.search(r"-(?:any|[\w.]*linux[\w.]*_x86_64)\.whl", block):
            bare.append(name)
    assert bare == []


@pytest.mark.parametrize("name, version", [("rasa", "3.6.21"), ("websockets", "10."), ("packaging", "20."), ("structlog", "23."), ("pydantic", "2."), ("redis", "")])
def test_the_pins_that_rasa_needs_are_locked(name, version):
    locked = dict(re.findall(r'^name = "([^"]+)"\nversion = "([^"]+)"', (ROOT / "uv.lock").read_text(encoding="utf-8"), re.M))
    assert locked[name].startswith(version)


def test_nothing_made_at_run_time_is_tracked():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    assert [f for f in tracked.stdout.splitlines() if f.startswith(("var/", ".venv/", "models/", "results/", ".rasa/")) or f.endswith((".db", ".pyc", ".tar.gz"))] == []


def test_the_tests_that_the_table_of_conversations_names_exist():
    table = (ROOT / "tests" / "conversations" / "README.md").read_text(encoding="utf-8")
    sources = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in re.findall(r"::(test_\w+)", table) if f"def {name}(" not in sources] == []
    assert [p for p in re.findall(r"`((?:tests|intake)/[\w/]+\.py)", table) if not ((ROOT / p).exists() or (ROOT / "tests" / "conversations" / p).exists())] == []
