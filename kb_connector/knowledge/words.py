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
# Words that carry a question but not what it is about.
_FILLER = re.compile(
    "请问|你好|您好|麻烦|想问|一下|谢谢|怎么办|怎么样|怎么回事|怎么|什么|可以|能不能|是不是|有没有|会不会|行不行|哪里|如何|怎样|为啥|为什么|多少钱|"
    "[吗呢啊呀吧嘛哦么的了着我你您就都也还又再才是有在把给让和跟不]|我们|你们")
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")


def words(text: str) -> list[str]:
    """Words as jieba cuts them, nothing else."""
    return [word for word in jieba.lcut(folded(text)) if _RUN.search(word)]


def features(text: str) -> list[str]:
    """Words, character pairs, characters and meanings, for ranking."""
    plain = folded(text)
    return _cut(plain) + _characters(_RUN.findall(plain)) + meanings(plain)


def substance(text: str) -> list[str]:
    """The same without filler: what an answer must be about, for judging how well it fits."""
    plain = folded(text)
    return _cut(plain) + _characters(_RUN.findall(_FILLER.sub(" ", plain))) + meanings(plain)


def _cut(plain: str) -> list[str]:
    return [word for run in _RUN.findall(plain) for word in jieba.lcut_for_search(run) if not _FILLER.fullmatch(word)]


def _characters(runs: list[str]) -> list[str]:
    """Pairs (~) and single characters (.) of the Chinese runs: they match where the words were cut differently."""
    chinese = [run for run in runs if run[0] >= "\u4e00"]
    return (["~" + run[i:i + 2] for run in chinese for i in range(len(run) - 1)]
            + ["." + character for run in chinese for character in run])


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
