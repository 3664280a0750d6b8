"""Something new after filing, or while a person is awaited: it goes onto the ticket."""
from actions.complaint import file_or_update
from actions.step import StepAction, Turn
from bot.dialogue.summary import names, shown
from kb_connector.errors import ConnectorError


class Supplement(StepAction):
    """Name what was added; say plainly where it could not be written."""

    step = "supplement"

    async def act(self, turn: Turn) -> None:
        case = turn.case
        if not case.ticket:
            turn.say(turn.phrase("supplement_waiting"), stage="handover" if case.handover else None)
            return
        try:
            file_or_update(turn, "supplement")
        except ConnectorError:
            turn.say(turn.phrase("supplement_failed"), options=turn.options("human"))
            return
        changed = "，".join(f"{names()['facts'][f]}改为{shown(f, case.facts[f].value, case.facts[f].text)}" for f in case.changed if f in case.facts and f in names()["facts"])
        key = "supplement_waiting" if case.handover else "supplemented"
        turn.say(turn.phrase(key, number=case.ticket, changes=changed), stage="handover" if case.handover else None)
