"""The phrasebook: customer sentences from `bot/domain/*.yml`, never the same one twice while another is left."""
from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Iterable

import yaml

from bot.dialogue.case import Case

DOMAIN = Path(__file__).parent.parent / "domain"
_SLOT = re.compile(r"\{(\w+)\}")


class Phrasebook:
    """Response name → variants. A variant counts only when all its {names} have a value."""

    def __init__(self, responses: dict[str, list[str]]) -> None:
        self._variants = {key: [(text, frozenset(_SLOT.findall(text))) for text in texts] for key, texts in responses.items()}

    @classmethod
    def load(cls, folder: Path = DOMAIN) -> Phrasebook:
        """All `responses:` of the domain files."""
        responses: dict[str, list[str]] = {}
        for path in sorted(folder.glob("*.yml")):
            data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
            for key, variants in (data.get("responses") or {}).items():
                responses[key] = [v["text"] for v in variants if v.get("text")]
        return cls(responses)

    def __contains__(self, key: str) -> bool:
        return f"utter_{key}" in self._variants

    def keys(self) -> Iterable[str]:
        return self._variants.keys()

    def say(self, key: str, case: Case, seed: str = "", **values: object) -> str:
        """One variant of `utter_<key>`, filled in; notes in the case which one it was. KeyError for an unknown key."""
        variants = self._variants[f"utter_{key}"]
        given = {k: str(v) for k, v in values.items() if v not in (None, "")}
        fitting = [i for i, (_, needs) in enumerate(variants) if needs <= given.keys()]
        if not fitting:
            raise KeyError(f"utter_{key}: no variant fits {sorted(given)}")
        fullest = max(len(variants[i][1]) for i in fitting)
        used = case.said.setdefault(key, [])
        fresh = [i for i in fitting if i not in used]
        # The variant that says most about this customer first; among equals start somewhere else in each conversation.
        pool = [i for i in fresh if len(variants[i][1]) == fullest] or fresh
        if not pool:
            last = used[-1]
            used.clear()
            used.append(last)
            pool = [i for i in fitting if i != last] or fitting
        index = pool[zlib.crc32(f"{seed}{key}".encode()) % len(pool)]
        used.append(index)
        return _SLOT.sub(lambda m: given[m[1]], variants[index][0])
