"""`tingsu check`: do YAML and Python agree, is the configuration valid, are the customer's words fit to be said?"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import yaml

from bot.settings import ROOT, Settings
from bot.vocabulary import EMOTIONS, ENTITIES, INTENTS, RISKS, COMPLAINT_INTENTS

DOMAIN, DATA = ROOT / "bot" / "domain", ROOT / "nlu_data"
LONGEST = 60                                                  # characters of one sentence
_UNFIT = {
    "hurts or scolds": r"您?怎么(?:不|用也不会)|你怎么|懂不懂|最基本的|您自己的问题|不可能是我们|概不负责|无法处理|无理取闹|随便您?投诉",
    "admits liability": r"(?:是|都是|确实是)(?:我们|我方|公司)的?(?:错|过错|责任)|(?:我们|我方)(?:全责|承认|有责任|有过错|理亏)|责任(?:全|都)?在(?:我们|我方)",
    "promises": r"(?:一定|肯定|保证|绝对|百分之?百)(?:会|能|可以)?(?:给|帮)?您?(?:赔|退|补偿|解决|到账|办好|处罚)|(?:给|为)您(?:赔|退|补偿)(?:偿|付|款)?\d|马上(?:给|为)?您?退款|"
                r"已经?(?:给|为)您(?:退款|赔付|赔偿|补偿)|[天时日]内(?:一定|肯定|绝对)",
    "discourages": r"投诉也没用|没必要投诉|劝您(?:不要|别)|终止合作|别投诉",
    "is not said with 您": r"(?<![自迷])你(?!好)",
}
_UNFIT_NOW = {why: re.compile(words) for why, words in _UNFIT.items()}
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_MARKED = re.compile(r"\[([^\]]+)\](?:\(([^)]+)\)|\{[^}]*\})")


def problems(settings: Settings) -> list[str]:
    """One line each: where, and what is wrong. Empty when all is in order."""
    found = list(_unreadable())
    if found:
        return found                                          # nothing else can be said of files that cannot be read
    return [line for check in (_domain, _phrasebook, _training_data, _collect, _company) for line in check(settings)]


def faults(text: str) -> list[str]:
    """Why a customer should not read `text`."""
    found = [f"{why}: {m[0]}" for why, words in _UNFIT_NOW.items() for m in words.finditer(text)]
    found += [f"longer than {LONGEST} characters: {s.strip()[:24]}…" for s in _SENTENCE.findall(text) if len(s.strip()) > LONGEST]
    if len(re.findall(r"[？?]+", text)) > 1:
        found.append(f"asks more than once: {text[:24]}…")
    return found


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _unreadable() -> Iterator[str]:
    for path in sorted([*(ROOT / "bot").rglob("*.yml"), *DATA.rglob("*.yml"), *(ROOT / "kb_connector").rglob("*.yml")]):
        try:
            list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
        except (yaml.YAMLError, UnicodeDecodeError) as exc:
            mark = getattr(exc, "problem_mark", None)
            yield f"{path.relative_to(ROOT)}{f':{mark.line + 1}' if mark else ''}: {getattr(exc, 'problem', None) or exc}"


# ---------------------------------------------------------------- YAML and Python

def _domain(_: Settings) -> Iterator[str]:
    from bot.dialogue.take import STAGE_OF
    shared = read(DOMAIN / "_shared.yml")
    yield from _differ("bot/domain/_shared.yml: intents", _names(shared["intents"]), INTENTS)
    yield from _differ("bot/domain/_shared.yml: entities", _names(shared["entities"]), ENTITIES)
    yield from _differ("bot/domain/_shared.yml: actions", shared["actions"], [f"action_{step}" for step in STAGE_OF])
    owners: Counter = Counter()
    for path in sorted(DOMAIN.glob("*.yml")):
        owners.update((kind, name) for kind in ("responses", "slots", "actions") for name in read(path).get(kind) or ())
    yield from (f"bot/domain: {kind} {name}: defined {n} times" for (kind, name), n in owners.items() if n > 1)


def _names(rows: list[Any]) -> list[str]:
    return [next(iter(row)) if isinstance(row, dict) else row for row in rows]


def _differ(where: str, given: list[str], wanted: Any) -> Iterator[str]:
    yield from (f"{where}: {name}: unknown" for name in given if name not in wanted)
    yield from (f"{where}: {name}: missing" for name in wanted if name not in given)


def _phrasebook(_: Settings) -> Iterator[str]:
    for path in sorted(DOMAIN.glob("responses_*.yml")):
        for key, variants in (read(path).get("responses") or {}).items():
            texts = [v.get("text") or "" for v in variants]
            yield from (f"{path.name}: {key}: {fault}" for text in texts for fault in faults(_filled(text)))
            yield from (f"{path.name}: {key}: said twice: {text}" for text, n in Counter(texts).items() if n > 1)


def _filled(text: str) -> str:
    """As long as it will be when its {names} have values."""
    return re.sub(r"\{\w+\}", "某某某某", text)


def _collect(_: Settings) -> Iterator[str]:
    from bot.dialogue.collect import question_bank
    from bot.dialogue.summary import names
    try:
        bank = question_bank()
    except (ValueError, KeyError) as exc:
        yield f"bot/dialogue/{exc}"
        return
    yield from _differ("bot/dialogue/collect.yml: causes", list(bank.causes), COMPLAINT_INTENTS)
    yield from _differ("bot/dialogue/names.yml: causes", list(names()["causes"]), COMPLAINT_INTENTS)
    yield from _differ("bot/dialogue/names.yml: risks", list(names()["risks"]), RISKS)


def _company(settings: Settings) -> Iterator[str]:
    from kb_connector.demo.loading import read_articles
    from kb_connector.policy_loader import load_policy
    from kb_connector.typed_yaml import PolicyError
    loaders: tuple[Callable[[], Any], ...] = (lambda: load_policy(settings.policy_dir), read_articles)
    for load in loaders:
        try:
            load()
        except PolicyError as exc:
            yield str(exc)


# ---------------------------------------------------------------- training data

def _training_data(_: Settings) -> Iterator[str]:
    seen: dict[str, tuple[str, str]] = {}
    for path in sorted(DATA.glob("*/nlu.yml")):
        for block in read(path).get("nlu") or ():
            if "intent" in block:
                where = str(path.relative_to(ROOT))
                yield from _labels(where, block)
                yield from _alike(where, block, seen)


def _labels(where: str, block: dict[str, Any]) -> Iterator[str]:
    intent, given = block["intent"], block.get("metadata") or {}
    if intent not in INTENTS:
        yield f"{where}: intent {intent}: unknown"
    if given.get("emotion", "calm") not in EMOTIONS:
        yield f"{where}: {intent}: emotion {given['emotion']}: unknown"
    yield from (f"{where}: {intent}: risk {r}: unknown" for r in given.get("risks") or () if r not in RISKS)
    yield from (f"{where}: {intent}: issue {i}: unknown" for i in given.get("issues") or () if i not in COMPLAINT_INTENTS)
    for words, entity in _MARKED.findall(block["examples"]):
        if entity and entity.split(":")[0] not in ENTITIES:
            yield f"{where}: {intent}: entity {entity} on {words}: unknown"


def _alike(where: str, block: dict[str, Any], seen: dict[str, tuple[str, str]]) -> Iterator[str]:
    """The same words twice, or under two intents."""
    for line in block["examples"].splitlines():
        bare = _MARKED.sub(r"\1", line.lstrip("- ")).strip()
        key = re.sub(r"[\W_]+", "", bare).lower()
        if len(key) < 4:
            continue
        if before := seen.get(key):
            yield f"{where}: {block['intent']}: {bare[:30]}: also under {before[0]} in {before[1]}"
        seen[key] = (block["intent"], where)
