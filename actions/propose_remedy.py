"""Show the published ways to settle this cause, then ask which one the customer leans to."""
import re

from actions.step import StepAction, Turn

_NEEDS_CONTACT = re.compile("回电|电话|专人")                      # who left no number cannot be called


class ProposeRemedy(StepAction):
    """At least three options where the matrix has them; a person decides, the bot's limit is 0."""

    step = "propose_remedy"

    async def act(self, turn: Turn) -> None:
        case = turn.case
        options = turn.records.remedies.options(tuple(case.named), _level(turn), {k: f.value for k, f in case.facts.items()}, demand=tuple(case.demand))
        options = [o for o in options if not (case.anonymous and _NEEDS_CONTACT.search(o.label))][:5]
        if not options:
            case.pending = None
            turn.say(turn.phrase("remedy_none"), stage="remedy")
            return
        case.proposed = [{"id": o.id, "label": o.label} for o in options]
        lines = [f"{n}. {o.label}：{o.detail}" if o.detail else f"{n}. {o.label}" for n, o in enumerate(options, 1)]
        shown = [{"id": f"option:{o.id}", "label": o.label} for o in options]
        turn.say(turn.phrase("remedy"), "\n".join(lines), turn.phrase("remedy_ask"), asks="option", options=shown)


def _level(turn: Turn) -> str:
    return turn.records.tickets.get(turn.case.ticket).as_json()["severity"] if turn.case.ticket else "L1"
