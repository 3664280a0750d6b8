"""Corrections: 「不对，是上周五」「是54块，不是45」「不是万达店，是银泰店」 change that fact and no other."""
from __future__ import annotations

import re

from bot.dialogue.case import Case, CaseFact
from bot.dialogue.understood import FACT_OF, Found, Understood

# Named by the customer: 「金额打错了」「地点不对」.
_NAMED = {"amount": "金额|价格|价钱|钱数|多少钱", "when": "时间|日期|日子|哪天|几号", "where": "地点|门店|店名|店", "product": "商品|产品|东西|品名", "order_id": "订单",
          "tracking_no": "运单|快递单", "contact_phone": "电话|手机|号码", "contact_name": "名字|姓名|称呼|姓", "quantity": "数量|件数|个数", "staff": "工号|员工|店员",
          "brand": "牌子|品牌", "model": "型号|颜色|尺码|规格", "courier": "快递公司", "address": "地址", "people_count": "人数"}
_SIGN = re.compile(r"不对|不是|错|应该是|应当是|改成|改为|更正|纠正|其实是|而是|说反|记混|看成|是.{1,16}[,，]不是|唔系|搞混|才对")
_NEW = re.compile(r"(?:应该是|应当是|改成|改为|其实是|而是|实际上?是|更正为|是|系)\s*(?P<new>[^,，。;；!！?？]{1,24}?)(?:才对|吧|啊|呀|的)?(?=[,，。;；!！?？]|$)")
_RIGHT = re.compile(r"(?:^|[,，。;；!！ ])(?:应该)?(?:是)?(?P<new>[^,，。;；!！?？]{1,16}?)(?:才对|才是对的)")
_NOT = re.compile(r"(?:不是|并非|唔系|别写|不叫)\s*(?P<old>[^,，。;；!！?？]{1,24}?)(?=[,，。;；!！?？]|而是|是|$)|把(?P<old2>.{1,12}?)(?:改成|改为|写成|看成)")


def corrections(case: Case, u: Understood) -> dict[str, CaseFact]:
    """{fact: new value} that this message corrects; empty when it corrects nothing."""
    if not (_SIGN.search(u.text) or u.is_("correct_facts", at_least=.5)):
        return {}
    negated = [m.span("old") if m["old"] else m.span("old2") for m in _NOT.finditer(u.text)]
    fresh = [e for e in u.entities if e.entity in FACT_OF and e.value and not any(a <= e.start < b for a, b in negated)]
    named = [fact for fact, words in _NAMED.items() if re.search(words, u.text)]
    changes: dict[str, CaseFact] = {}
    for entity in _last_of_each(fresh):
        fact = FACT_OF[entity.entity]
        old = case.value(fact)
        if str(entity.value) != old and (old is not None or fact in named or len(fresh) == 1):
            changes[fact] = CaseFact(str(entity.value), entity.text, u.message)
    return changes or _by_words(case, u, named)


def _last_of_each(entities: list[Found]) -> list[Found]:
    """One per kind, preferring the later mention: the wrong value tends to be said first."""
    return list({e.entity: e for e in entities}.values())


def _by_words(case: Case, u: Understood, named: list[str]) -> dict[str, CaseFact]:
    """「不是万达店，是银泰店」 where no finder knows the new name."""
    new = [m["new"].strip() for m in _RIGHT.finditer(u.text)] or [m["new"].strip() for m in _NEW.finditer(u.text) if not u.text[:m.start()].endswith("不")]
    old = [(m["old"] or m["old2"] or "").strip() for m in _NOT.finditer(u.text)]
    new = [n for n in new if n and n not in old]
    if not new:
        return {}
    for wrong in filter(None, old):
        for fact, known in case.facts.items():
            if wrong in (known.value, known.text) or (len(wrong) >= 2 and (wrong in known.text or known.text and known.text in wrong)):
                return {fact: CaseFact(new[-1], new[-1], u.message)}
    for fact in named:
        if fact in case.facts and fact not in ("amount", "when", "order_id", "tracking_no", "contact_phone"):
            return {fact: CaseFact(new[-1], new[-1], u.message)}
    return {}
