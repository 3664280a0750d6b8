"""A risk beats everything: what must be said at once, and nothing that must not."""
from actions.step import StepAction, Turn
from bot.dialogue.decide import SPOKEN_RISKS

_ASKS_SAFETY = ("self_harm", "danger_now", "injury", "food_poisoning")


class Safety(StepAction):
    """The words for the gravest risk told in the latest message, one more for a second."""

    step = "safety"

    async def act(self, turn: Turn) -> None:
        case = turn.case
        told = [r for r in SPOKEN_RISKS if r in case.risks and f"safety_{r}" not in case.said]
        if "danger_now" in told and len(told) > 1:
            told = [r for r in told if r != "danger_now"] if set(told) & {"self_harm", "violence", "food_poisoning"} else told
        for i, risk in enumerate(told[:2]):
            asks = "safety_now" if i == 0 and risk in _ASKS_SAFETY and "safety_now" not in case.facts else None
            if asks:
                case.asked["safety_now"] = case.asked.get("safety_now", 0) + 1
                case.pending = "safety_now"
            turn.say(turn.phrase(f"safety_{risk}"), asks=asks)
            if risk in ("self_harm", "violence"):
                break
