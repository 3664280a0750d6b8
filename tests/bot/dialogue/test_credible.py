"""Risks that a message only sounds like; everything else is believed."""
from __future__ import annotations

import pytest

from bot.dialogue.credible import credible
from bot.dialogue.understood import Found, RiskSign, Understood


def said(text: str, risk: str, words: str, *entities: tuple[str, str], intent: str = "provide_facts") -> Understood:
    return Understood(text=text, intent=intent, confidence=.95, risks=(RiskSign(risk, words),), entities=tuple(Found(e, w, w) for e, w in entities))


@pytest.mark.parametrize("u, asked", [
    (said("医药费一万二千四", "injury", "医药费", ("amount", "一万二千四")), "amount"), (said("十五号取的", "account_fraud", "取的", ("time", "十五号")), "when"),
    (said("结果拉我们进了四家店", "food_poisoning", "拉"), None), (said("开会去了！我烧得站不住", "violence", "去了！我烧"), None),
    (said("刚送来了，撤了吧，谢谢", "self_harm", "送来了，撤了吧，谢谢", intent="withdraw"), None),
    (said("我没点过续费怎么又扣了", "account_fraud", "怎么又扣了", intent="complain_auto_renew"), None)])
def test_what_cannot_be_meant_is_left_out(u, asked):
    assert credible(u, asked).risks == ()


@pytest.mark.parametrize("u, asked", [
    (said("昨天，人现在还在医院躺着", "injury", "在医院", ("time", "昨天")), "when"), (said("烫伤了", "injury", "烫伤"), "when"),
    (said("药我都备好了，不投诉了", "self_harm", "药我都备好了", intent="self_harm"), "confirm"), (said("医药费一万二千四", "injury", "医药费", ("amount", "一万二千四")), None),
    (said("不是我点的续费，卡里钱没了", "account_fraud", "卡里钱没了", intent="complain_auto_renew"), None), (said("怕你们出事", "hazard", ""), None)])
def test_everything_else_is_believed(u, asked):
    assert credible(u, asked) is u
