"""A risk beats everything: what must be said at once, and nothing that must not."""
import re

from actions.step import StepAction, Turn
from bot.dialogue.steps import PERSON_RISKS, SPOKEN_RISKS

_GAS = re.compile("燃气|煤气|天然气|臭鸡蛋|漏气")                 # a switch makes a spark: other words than for electricity
_ASKS_SAFETY = ("self_harm", "danger_now", "injury", "food_poisoning")


class Safety(StepAction):
    """One bubble: the words for the gravest risk, and for a second one where no person is called."""

    step = "safety"

    async def act(self, turn: Turn) -> None:
        case = turn.case
        told = [r for r in SPOKEN_RISKS if r in case.risks and f"safety_{r}" not in case.said]
        if "danger_now" in told and set(told) & {"self_harm", "violence", "food_poisoning"}:
            told.remove("danger_now")
        alone = any(r in PERSON_RISKS for r in told)              # a person comes at once: one thing is said, and well
        said = told[:1 if alone else 2]
        asks = "safety_now" if said and said[0] in _ASKS_SAFETY and "safety_now" not in case.facts else None
        if asks:
            case.asked["safety_now"] = case.asked.get("safety_now", 0) + 1
            case.pending = "safety_now"
        gas = bool(said) and said[0] in ("danger_now", "hazard") and bool(_GAS.search(case.message))
        turn.say(*([turn.phrase("safety_gas")] if gas else [turn.phrase(f"safety_{risk}") for risk in said]), asks="safety_now" if gas else asks)
