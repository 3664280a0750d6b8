"""The company's own names (`nlu_data/lookups/company*.yml`), found by spaCy's PhraseMatcher on single characters.

Characters instead of words: a segmenter that cuts 万达店买 differently each time must not decide whether a shop is found.
"""
from __future__ import annotations

from pathlib import Path

import spacy
import yaml
from spacy.matcher import PhraseMatcher

from bot.nlu.normalise import fold
from bot.nlu.span import Span
from bot.vocabulary import ENTITIES

LOOKUPS = Path(__file__).parent.parent.parent / "nlu_data" / "lookups"


class Lexicon:
    """{entity: names}; the longest match wins."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self._nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "char"}}})
        self._matcher = PhraseMatcher(self._nlp.vocab)
        for entity, phrases in names.items():
            self._matcher.add(entity, [self._nlp.make_doc(fold(p)) for p in phrases])

    @classmethod
    def load(cls, folder: Path = LOOKUPS) -> Lexicon:
        """Every lookup table in the folder's files (Rasa's format). ValueError names file and key."""
        names: dict[str, list[str]] = {}
        for path in sorted(folder.glob("company*.yml")):
            for table in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu", ()):
                entity = table.get("lookup")
                if entity not in ENTITIES:
                    raise ValueError(f"{path.name}: lookup {entity}: no such entity")
                names.setdefault(entity, []).extend(line.lstrip("- ").strip() for line in table["examples"].splitlines() if line.strip())
        return cls(names)

    def find(self, folded: str) -> list[Span]:
        doc = self._nlp.make_doc(folded[:600])
        found = sorted(self._matcher(doc), key=lambda m: m[1] - m[2])
        spans: list[Span] = []
        for key, start, end in found:
            a, b = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
            if all(b <= s.start or a >= s.end for s in spans):
                spans.append(Span(self._nlp.vocab.strings[key], a, b, folded[a:b], 1.0, "lexicon"))
        return spans
