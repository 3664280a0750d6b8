"""Which risks that a message sounds like are believed. Only the sort that cannot be meant is left out: a missed risk is worse than a false one. Pure."""
from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue.understood import FACT_OF, RiskSign, Understood

_TWO_SENTENCES = re.compile(r"\S[!！?？。;；]\S")                    # words of two sentences make no sign
_BARE = 4                   # characters beside the answer itself
_FACTS_ALONE = ("when", "amount", "order_id", "tracking_no", "ticket_id", "batch_no", "contact_phone", "quantity")
_NOT_MINE = re.compile(r"盗|骗|转账|转走|不是我|没操作|验证码|陌生|冻结|登录|登陆|中奖|链接|密码|刷")


def credible(u: Understood, asked: str | None) -> Understood:
    """The message with the risks that it can mean."""
    kept = tuple(r for r in u.risks if not (_bare_answer(u, asked) or _misread(r, u)))
    return u if len(kept) == len(u.risks) else replace(u, risks=kept)


def _bare_answer(u: Understood, asked: str | None) -> bool:
    """「医药费一万二」 to 「多少钱」, 「十五号取的」 to 「哪天」: the answer and hardly a word beside it."""
    answer = next((e for e in u.entities if FACT_OF.get(e.entity) == asked), None) if asked in _FACTS_ALONE else None
    return answer is not None and len(re.sub(r"\W", "", u.text)) - len(re.sub(r"\W", "", answer.text)) <= _BARE


def _misread(risk: RiskSign, u: Understood) -> bool:
    if len(risk.text) == 1 or _TWO_SENTENCES.search(risk.text):
        return True
    if risk.name == "self_harm":
        return u.is_("withdraw", at_least=.9)
    return risk.name == "account_fraud" and u.is_("complain_auto_renew", at_least=.9) and not _NOT_MINE.search(u.text)
