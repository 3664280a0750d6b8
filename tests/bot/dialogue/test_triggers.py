"""GB/T 47746-2026: the five triggers that must reach a person."""
from __future__ import annotations

from bot.dialogue.decide import decide
from bot.dialogue.urgent import STALL_SECONDS
from bot.dialogue.hear import hear
from bot.dialogue.understood import Understood
from tests.bot.dialogue.walking import COMPLAINT, FIT, Said, Walk, reached

UNCLEAR = Said("out_of_scope", 0.1, "叽里咕噜")


def names(steps) -> list[str]:
    return [s.name for s in steps]


def test_a_failing_understanding_within_three_turns():
    walk = Walk()
    assert any("request_handover" in names(walk.say(UNCLEAR)) for _ in range(3))


def test_b_refusing_the_robot_in_the_first_turn():
    assert "request_handover" in names(Walk().say(Said("ask_human", 0.9, "我不跟机器人说")))


def test_c_a_card_number_in_the_first_turn():
    assert names(Walk().say(Said(text="卡号是〔卡号已隐藏〕", secret=True))) == ["guard_secret", "request_handover"]


def test_d_somebody_in_danger_in_the_first_turn():
    for risk in ("danger_now", "injury", "food_poisoning", "self_harm", "violence", "account_fraud"):
        assert names(Walk().say(Said(risks=(risk,))))[:2] == ["safety", "request_handover"], risk


def test_e_three_minutes_without_progress():
    case = reached("collecting").case
    nothing = Understood(text="今儿个天真冷啊", intent="chitchat", confidence=0.95, message="x", at=case.progress_at + 20)
    case = hear(case, nothing)
    assert decide(case).name != "request_handover"
    case = hear(case, Understood(text="今儿个天真冷啊", intent="chitchat", confidence=0.95, message="y", at=case.progress_at + STALL_SECONDS + 1))
    assert decide(case).name == "request_handover"


def test_four_read_backs_without_agreement():
    walk = reached("confirming")
    no = Said("deny", 0.9, "不对")
    assert any("request_handover" in names(walk.say(no)) for _ in range(5))


def test_furious_and_not_calming():
    walk = Walk()
    rant = Said("complain_attitude", 0.9, "气死我了真的太过分了", issues=("complain_attitude",), emotion="furious")
    assert any("request_handover" in names(walk.say(rant)) for _ in range(6))


def test_after_the_handover_the_intake_does_not_ask_on():
    walk = reached("handover")
    assert not [s for s in walk.say(FIT) + walk.say(COMPLAINT) if s.asks]


HAZARD = Said("complain_injury_safety", text="插座漏电了还好没人碰", issues=("complain_injury_safety",), risks=("hazard",))


def test_a_hazard_that_hurt_nobody_is_spoken_of_at_once_and_filed_when_confirmed():
    walk = Walk()
    assert names(walk.say(HAZARD))[:2] == ["safety", "apologise"] and walk.case.ticket is None


def test_a_hazard_is_filed_even_when_the_customer_drops_it():
    walk = Walk()
    walk.say(HAZARD)
    assert names(walk.say(Said("withdraw", text="算了不投诉了")))[:2] == ["file_risk", "withdraw"] and walk.case.ticket
