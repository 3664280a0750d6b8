"""What a text is searched by: its words, its pairs of characters, and the shared name of what it means."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import jieba

from kb_connector.typed_yaml import read_yaml

SYNONYMS = Path(__file__).with_name("synonyms.yml")
_FILLER = re.compile(r"(?:请问|你好|您好|麻烦|我想问(?:一下|下)?|想问(?:一下|下)?|问一下|一下|亲|谢谢|吗|呢|啊|呀|吧|嘛|哦|的|了|我们|我|你们|你|您|咱们)")
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")


def words(text: str) -> list[str]:
    """Words as jieba cuts them, nothing else."""
    return [word for word in jieba.lcut(folded(text)) if _RUN.search(word)]


def features(text: str) -> list[str]:
    """Words, character pairs and meanings; single common characters and filler are left out."""
    plain = folded(text)
    bare = _FILLER.sub(" ", plain) if len(plain) > 2 else plain
    runs = _RUN.findall(bare) or _RUN.findall(plain)
    cut = [word for run in runs for word in jieba.lcut(run) if len(word) > 1 or not "\u4e00" <= word <= "\u9fff"]
    pairs = ["~" + run[i:i + 2] for run in runs if run[0] >= "\u4e00" for i in range(len(run) - 1)]
    single = ["~" + run for run in runs if len(run) == 1]
    return cut + pairs + single + meanings(plain)


def meanings(text: str) -> list[str]:
    names, pattern = _synonyms()
    return list(dict.fromkeys("=" + names[found] for found in pattern.findall(text)))


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Full-width forms, case and invisible characters folded away."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t")


@lru_cache(maxsize=1)
def _synonyms() -> tuple[dict[str, str], re.Pattern[str]]:
    groups = read_yaml(SYNONYMS, Mapping[str, tuple[str, ...]])
    names = {folded(form): name for name, forms in groups.items() for form in (name, *forms)}
    return names, re.compile("|".join(re.escape(form) for form in sorted(names, key=len, reverse=True)))
