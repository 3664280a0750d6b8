"""Where a complaint stands: its own, or one named by number and proven by the last four digits."""
import re

from actions.step import StepAction, Turn
from kb_connector.errors import NotFound

_NUMBER = re.compile(r"(?<![0-9A-Za-z])[Cc]\d{6}[0-9A-Za-z]{4,6}(?![0-9A-Za-z])")
_LAST4 = re.compile(r"(?<!\d)\d{4}(?!\d)")


class ShowStatus(StepAction):
    """State, who has it, the next step and when; the same neutral words for an unknown and a foreign number."""

    step = "show_status"

    async def act(self, turn: Turn) -> None:
        text = turn.case.message
        named = _NUMBER.search(text)
        number = named[0].upper() if named else turn.case.looked_up or turn.case.ticket
        if number is None:
            number = self._latest(turn)
        if number is None:
            turn.say(turn.phrase("status_none"))
            return
        rest = text.replace(named[0], " ") if named else text
        digits = _LAST4.findall(rest)
        try:
            ticket = turn.records.tickets.visible_to(number, conversation=turn.conversation, last4=digits[-1] if digits else None)
        except NotFound:
            turn.case.looked_up = number
            turn.say(turn.phrase("status_unknown", number=number))
            return
        turn.case.looked_up = ""
        data = ticket.as_json()
        turn.say(turn.phrase("status", number=number, status=turn.phrase(f"status_name_{data['status']}"), due=turn.coming(data["due"])))

    def _latest(self, turn: Turn) -> str | None:
        found = turn.records.tickets.search(conversation=turn.conversation, limit=1).items
        return found[0].number if found else None
