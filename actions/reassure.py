"""A short answer to what is neither grievance nor question of policy; the open point follows."""
from actions.step import StepAction, Turn

_KEYS = {"ask_bot_identity": "identity", "evidence": "evidence", "suggest_or_praise": "praise", "chitchat": "chitchat", "out_of_scope": "out_of_scope",
         "complain_bot": "bot_sorry", "callback_time": "callback_noted", "reproached": "said_already", "incomplete": "phone_incomplete", "thank": "thanks_mid",
         "goodbye": "leaving_mid"}


class Reassure(StepAction):
    """One sentence, honest about being a robot."""

    step = "reassure"

    async def act(self, turn: Turn) -> None:
        key = _KEYS[turn.case.act]
        turn.say(turn.phrase(key), options=turn.options("human") if key in ("bot_sorry", "out_of_scope", "identity") else ())
