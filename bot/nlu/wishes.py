"""What the customer asks for: classes of demand by their words."""
from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Iterator

import yaml

from bot.nlu.span import Span
from bot.vocabulary import DEMANDS

# The words that make a verb a wish: 「我要退款」, not 「退款还没到」.
_WANTS = re.compile(r"再(?=道|赔|给|补)|要(?!是|不是|么|命|紧|死)|想|希望|得(?:给|把|让|跟)|给我|必须|请|麻烦|只求|求|就行|就好|就可以|即可|赶紧|赶快|马上|尽快|应该|诉求|要求|建议|能不能|能否|可(?:不)?可以|行不行|把|吧|也行|算了|最好|得$|回来|照价|按价")
_LATE = re.compile(r"^.{0,3}(?:到现在|还没|没到|迟迟|一直|什么时候|何时|几天|多久|怎么还|呢|失败|被拒|不成|中$|进度)")
_NOT = re.compile(r"(?:不(?:给|肯|让|予|能|可|接受|想|要|用|支持)?|没(?:有)?|拒绝|未|别|无法|难|什么时候|何时|还(?:没|不)|说(?:是)?(?:好)?|申请(?:了)?|已经|怎么还|显示|办理|拒)(?:.{0,3})$")


@lru_cache(maxsize=1)
def _classes() -> dict[str, re.Pattern[str]]:
    path = Path(__file__).with_name("wishes.yml")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if unknown := set(raw) - set(DEMANDS):
        raise ValueError(f"{path.name}: {sorted(unknown)[0]}: no such demand")
    return {name: re.compile(pattern) for name, pattern in raw.items()}


def find(folded: str, *, asked: bool = False) -> Iterator[Span]:
    """Wishes in the folded text; `asked`: it answers the question for the wish, so that the verb alone will do."""
    taken: list[tuple[int, int]] = []
    text = folded[:1000]
    for name, pattern in _classes().items():
        for m in pattern.finditer(text):
            if any(m.start() < b and m.end() > a for a, b in taken) or _NOT.search(text[max(0, m.start() - 6):m.start()]) or _LATE.match(text[m.end():]):
                continue
            clause = _clause(text, m.start(), m.end())
            if asked or len(text) <= 8 or _WANTS.search(clause):
                taken.append(m.span())
                yield Span("demand", m.start(), m.end(), name, 0.8)


def _clause(text: str, start: int, end: int) -> str:
    a = max(text.rfind(p, 0, start) for p in ",。!?;\n ") + 1
    b = min((p for p in (text.find(p, end) for p in ",。!?;\n ") if p >= 0), default=len(text))
    return text[a:b]
