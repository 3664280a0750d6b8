"""Risks in a message: words that show one, minus figures of speech, joined with what the linear model thinks."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.nlu.phrases import Phrase
from bot.nlu.risk_rules import Rule, rules
from bot.vocabulary import RISKS

LONGEST = 2000              # characters that are read
_LAUGHTER = re.compile(r"[😂🤣😆😹]|哈哈|hhh|233|嘿嘿|笑死")

# A cause or an intent that is a risk by its meaning, and how sure it must be.
IMPLIED = {"complain_staff_misconduct": ("staff_misconduct", 0.6), "complain_discrimination": ("discrimination", 0.6),
           "complain_previous_handling": ("repeat_complaint", 0.6), "dissatisfied_result": ("repeat_complaint", 0.6), "self_harm": ("self_harm", 0.6),
           "violence_threat": ("violence", 0.6), "group_complaint": ("group", 0.6), "threat_external": ("media_legal", 0.85)}


@dataclass(frozen=True)
class Risk:
    name: str
    confidence: float
    text: str


@dataclass
class Shown:
    """What the words of a message show of one risk."""

    certain: re.Match[str] | None = None
    supporting: re.Match[str] | None = None
    near: bool = False
    phrases: list[Phrase] = field(default_factory=list)


def find(folded: str, likely: dict[str, float], *, harmless: float = 0.0, meaning: dict[str, float] | None = None) -> list[Risk]:
    """`likely`: the model's probabilities; `harmless`: its probability of praise, small talk or a question of policy;
    `meaning`: probabilities of the causes and intents that imply a risk."""
    text = folded[:LONGEST]
    implied = _implied(meaning or {})
    shown = _shown(text)
    if _LAUGHTER.search(text):
        harmless = min(1.0, harmless + 0.3)
    found = []
    for name in RISKS:
        p, rule, words = likely.get(name, 0.0), rules().by_risk[name], shown.get(name)
        if words is None and p < rule.alone and name not in implied:
            continue
        plain = _without(text, rule.figures)
        if any(phrase.pattern.search(plain) for phrase in rule.unless):
            continue
        if plain != text:
            words = _again(plain, words) if words else None
            if words is None:
                continue                                  # only a figure of speech: the model is not asked either
        confidence = _confidence(words, p, implied.get(name, 0.0), rule, harmless)
        if confidence >= 0.5:
            m = (words.certain or words.supporting) if words else None
            found.append(Risk(name, round(confidence, 3), text[m.start():m.end()] if m else ""))
    return found


def _implied(meaning: dict[str, float]) -> dict[str, float]:
    implied: dict[str, float] = {}
    for name, (risk, sure) in IMPLIED.items():
        if meaning.get(name, 0.0) >= sure:
            implied[risk] = max(meaning[name], implied.get(risk, 0.0))
    return implied


def _shown(text: str) -> dict[str, Shown]:
    shown: dict[str, Shown] = {}
    for phrase in rules().words.candidates(text):
        if m := phrase.pattern.search(text):
            _note(shown.setdefault(phrase.meaning[0], Shown()), phrase, m, text)
    return shown


def _note(shown: Shown, phrase: Phrase, m: re.Match[str], text: str) -> None:
    """The longest words are kept, whatever the order in which phrases are tried."""
    shown.phrases.append(phrase)
    if phrase.meaning[1]:
        shown.certain = _longer(shown.certain, m)
        return
    near = bool(phrase.context and phrase.context.search(text))
    if near >= shown.near:
        shown.supporting = _longer(shown.supporting if near == shown.near else None, m)
        shown.near = near


def _longer(kept: re.Match[str] | None, m: re.Match[str]) -> re.Match[str]:
    return m if kept is None or (len(m[0]), -m.start()) > (len(kept[0]), -kept.start()) else kept


def _without(text: str, figures: tuple[Phrase, ...]) -> str:
    """The text with every figure of speech blanked out; offsets stay."""
    for phrase in figures:
        text = phrase.pattern.sub(lambda m: "。" * len(m[0]), text)
    return text


def _again(text: str, words: Shown) -> Shown | None:
    """The same phrases, looked for in what the figures of speech left."""
    left = Shown()
    for phrase in words.phrases:
        if m := phrase.pattern.search(text):
            _note(left, phrase, m, text)
    return left if left.phrases else None


def _confidence(words: Shown | None, p: float, implied: float, rule: Rule, harmless: float) -> float:
    if words and words.certain:
        return max(p, 0.9 if harmless < 0.7 else 0.55 - 0.2 * (p < 0.1))
    if words and (words.near or p >= rule.beside):
        return max(p, implied, 0.75 if harmless < 0.5 else 0.4)
    alone = p * (1 - harmless)
    return max(implied, alone if alone >= rule.alone else 0.0)
