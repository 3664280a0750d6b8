"""Apologise for the experience, naming it; no liability, no debate."""
from actions.step import StepAction, Turn
from bot.dialogue.summary import cause_name


class Apologise(StepAction):
    """One apology for the main grievance, one clause for the others."""

    step = "apologise"

    async def act(self, turn: Turn) -> None:
        case = turn.case
        fresh = list(dict.fromkeys(i.cause for i in case.issues if i.message == case.message_id and i.sure)) or case.named
        first, others = fresh[0], fresh[1:]
        offered = len(case.said.get("button_human", ())) > 0
        parts = [turn.phrase(f"apology_{first.removeprefix('complain_')}")]
        if others:
            parts.append(turn.phrase("apology_more", issues=cause_name(others[0])) if len(others) == 1 else turn.phrase("apology_many"))
        if case.vulnerable and not case.said.get("slowly") and not case.said.get("safety_vulnerable"):
            parts.append(turn.phrase("slowly"))
        turn.say("".join(parts), options=turn.options("human") if first == "complain_bot" else () if offered or case.ticket_seen else turn.options("human", "continue"))
