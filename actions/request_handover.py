"""Call a person: file what is known first, so that nothing told is lost."""
from actions.complaint import file_or_update
from actions.step import StepAction, Turn
from kb_connector.errors import ConnectorError

_KEYS = {"asked for a person": "handover_asked", "security content": "handover_secret", "not understood twice": "handover_failed", "no progress": "handover_failed",
         "four read-backs without agreement": "handover_failed", "abuse three times": "handover_calm", "furious and not calming": "handover_calm",
         "the ticket system is away": "handover_failed"}


class RequestHandover(StepAction):
    """The words and the request; reception moves the conversation into the desk's queue and tells the true wait."""

    step = "request_handover"

    async def act(self, turn: Turn) -> None:
        case, severity = turn.case, f"L{max(1, turn.case.grave)}"
        if case.complains or case.risks:
            try:
                ticket = file_or_update(turn, "handover" if case.handover == "asked for a person" else "risk" if case.grave >= 3 else "handover")
                severity = max(severity, ticket.severity)
            except ConnectorError:
                case.ticket = None        # reception keeps the transcript; the desk files it
        key = _KEYS.get(case.handover or "", "handover_risk")
        numbered = turn.phrase("handover_ticket", number=case.ticket) if case.ticket and not case.ticket_seen else ""
        sorry = turn.phrase("handover_sorry") if (case.complains or case.risks) and not case.apologised and "safety_injury" not in case.said else ""
        turn.say(sorry + turn.phrase(key) + numbered, handover={"reason": case.handover or "asked for a person", "severity": severity})
