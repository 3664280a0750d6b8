"""From text to sparse counts: character 1–4-grams, jieba words with their pairs, cues. One pass, no framework."""
from __future__ import annotations

import math
import re
from collections import Counter
from typing import Mapping, Sequence

import jieba

from bot.nlu import concepts
from bot.nlu.cues import cues

jieba.setLogLevel(60)
_DIGITS = re.compile(r"\d+")
_REPEATED = re.compile(r"(.)\1{2,}")
# Words of this trade that jieba's general dictionary lacks.
WORDS = ("转人工", "人工客服", "智能客服", "退一赔三", "假一赔十", "仅退款", "虚假签收", "携号转网", "杀熟", "驿站", "首重", "价保", "差评", "好评返现", "货不对板",
         "跑路", "黑猫", "消协", "市监局", "工信部", "银保监", "开胶", "起球", "掉色", "串号", "爆雷", "套路", "坐地起价", "拉黑", "踢皮球", "已读不回")
_ready = False


def segment(text: str) -> list[str]:
    """jieba's words of folded `text`, with the trade's words."""
    global _ready
    if not _ready:
        jieba.initialize()
        for word in WORDS:
            jieba.add_word(word)
        _ready = True
    return jieba.lcut(text, HMM=False)


def grams(folded: str) -> list[str]:
    """Every feature of the text, repeats included; bounded for very long text."""
    text = _REPEATED.sub(r"\1\1", _DIGITS.sub("0", folded[:1200]))
    padded = f"^{text}$"
    out = [padded[i:i + n] for n in (1, 2, 3, 4) for i in range(len(padded) - n + 1)]
    words = [w for w in segment(text) if not w.isspace()]
    out += ["w:" + w for w in words]
    out += [f"w:{a}_{b}" for a, b in zip(words, words[1:])]
    for cue in cues().find(text[:400]):
        out += ["c:" + cue, "i:" + cue.partition(":")[0]]
    out += concepts.features(text[:400])
    return out


class Vocabulary:
    """Feature → column, with idf; `vector` gives columns and L2-normed weights."""

    def __init__(self, index: dict[str, int], idf: Sequence[float]) -> None:
        self.index, self.idf = index, idf

    @classmethod
    def fit(cls, documents: Sequence[Mapping[str, int]], *, least: int = 2) -> Vocabulary:
        """From the counted features of every training message; what fewer than `least` have is left out."""
        seen = Counter(feature for counted in documents for feature in counted)
        kept = sorted(f for f, n in seen.items() if n >= least)
        return cls({f: i for i, f in enumerate(kept)}, [math.log((1 + len(documents)) / (1 + seen[f])) + 1 for f in kept])

    def vector(self, folded: str) -> tuple[list[int], list[float]]:
        return self.weighed(Counter(grams(folded)))

    def weighed(self, counted: Mapping[str, int]) -> tuple[list[int], list[float]]:
        """tf-idf with logarithmic counts, of length 1."""
        get, idf, logs = self.index.get, self.idf, _LOGS
        counts = [(column, n) for feature, n in counted.items() if (column := get(feature)) is not None]
        weights = [(logs[n] if n < 64 else 5.2) * idf[column] for column, n in counts]
        norm = sum(w * w for w in weights) ** 0.5 or 1.0
        return [column for column, _ in counts], [w / norm for w in weights]


def _logs() -> list[float]:
    return [0.0] + [1 + math.log(n) for n in range(1, 64)]


_LOGS = _logs()
