"""A knowledge article, checked at the door, and what a search gives back."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb_connector.errors import Rejected

AUDIENCES = ("customer", "staff")
FIELDS = ("id", "title", "answer", "phrasings", "category", "audience", "source")
_ID = re.compile(r"[\w.:\-]{1,100}")
# A mobile number or an identity number is somebody's; company hotlines are shorter.
_PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


@dataclass(frozen=True)
class Article:
    id: str
    title: str
    answer: str
    phrasings: tuple[str, ...] = ()
    category: str = ""
    audience: str = "customer"
    source: str = ""
    published: bool = True


@dataclass(frozen=True)
class Hit:
    id: str
    title: str
    answer: str
    score: float
    source: str


def article_from(row: Mapping[str, Any], *, published: bool = True) -> Article:
    """The article in `row`, with personal numbers masked; says all that is wrong at once."""
    if not isinstance(row, Mapping):
        raise Rejected("an article is an object")
    problems = [f"unknown field {name!r}" for name in row if name not in FIELDS]
    texts = {name: row.get(name) for name in FIELDS if name != "phrasings"}
    texts["id"] = str(texts["id"]) if isinstance(texts["id"], int) else texts["id"]
    for name, longest in (("id", 100), ("title", 200), ("answer", 8000), ("category", 60), ("source", 200)):
        problems += _text_problems(name, texts[name], longest, required=name in ("id", "title", "answer"))
    if isinstance(texts["id"], str) and texts["id"].strip() and not _ID.fullmatch(texts["id"]):
        problems.append("id may hold letters, digits and . _ : - only, at most 100")
    if (texts["audience"] or "customer") not in AUDIENCES:
        problems.append(f"audience must be one of {', '.join(AUDIENCES)}")
    phrasings = row.get("phrasings") or []
    if not isinstance(phrasings, (list, tuple)) or not all(isinstance(each, str) for each in phrasings):
        problems.append("phrasings must be a list of texts")
    if problems:
        raise Rejected("; ".join(problems), {"problems": problems})
    return Article(id=texts["id"].strip(), title=impersonal(texts["title"].strip()), answer=impersonal(texts["answer"].strip()),
                   phrasings=tuple(impersonal(each.strip()) for each in phrasings if each.strip()), category=texts["category"] or "",
                   audience=texts["audience"] or "customer", source=texts["source"] or "", published=published)


def impersonal(text: str) -> str:
    """`text` without anybody's phone or identity number."""
    return _PERSONAL.sub(lambda found: found[0][:3] + "*" * (len(found[0]) - 7) + found[0][-4:], text)


def _text_problems(name: str, value: Any, longest: int, *, required: bool) -> list[str]:
    if value is None or isinstance(value, str) and not value.strip():
        return [f"{name} is missing"] if required else []
    if not isinstance(value, str):
        return [f"{name} must be a text"]
    return [f"{name} is longer than {longest} characters"] if len(value) > longest else []
