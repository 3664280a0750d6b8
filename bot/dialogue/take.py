"""Taking a step: what the case becomes the moment a step is decided. Pure; the words and the outside world follow in `actions/`."""
from __future__ import annotations

from bot.dialogue.case import Case
from bot.dialogue.steps import SPOKEN_RISKS, TERMINAL, Step

STAGE_OF = {
    "greet": "greeting", "invite": "listening", "listen_on": "listening", "apologise": "apology", "safety": "safety", "guard_secret": "safety",
    "file_risk": "safety", "ask_fact": "collecting", "ask_wish": "wish", "ask_consent": "consent", "confirm": "confirming", "ask_correction": "confirming",
    "file_ticket": "filed", "propose_remedy": "remedy", "take_choice": "agreement", "answer": "answering", "show_status": "status", "urge": "status",
    "reopen": "status", "supplement": "status", "withdraw": "closing", "ask_withdraw": "status", "request_handover": "handover", "take_rating": "survey",
    "take_data_request": "answering", "reassure": "answering", "calm": "listening", "wait": "listening", "clarify": "fallback", "close": "closing",
    "restart": "greeting"}


def take(case: Case, step: Step) -> Case:
    """`case` after `step` (changed in place and returned)."""
    if step.name == "listen":
        return case
    case.done.append(step.name)
    case.reasons.append(f"{step.name}: {step.reason}")
    case.stage = STAGE_OF[step.name]
    if step.asks:
        case.asked[step.asks] = case.asked.get(step.asks, 0) + 1
        case.pending = "withdraw" if step.name == "ask_withdraw" else step.asks
    elif step.name in TERMINAL and step.name != "wait":
        case.pending = None
    effect = _EFFECTS.get(step.name)
    if effect:
        effect(case, step)
    return case


def _apologise(case: Case, _: Step) -> None:
    case.apologised = list(dict.fromkeys([*case.apologised, *case.causes]))
    case.person_offered = True


def _listen_on(case: Case, _: Step) -> None:
    case.listened += 1


def _safety(case: Case, _: Step) -> None:
    for name in SPOKEN_RISKS:
        if name in case.risks:
            case.risks[name].answered = True


def _confirm(case: Case, _: Step) -> None:
    case.read_backs += 1


def _correcting(case: Case, _: Step) -> None:
    case.correcting = True


def _file(case: Case, _: Step) -> None:
    case.ticket_seen, case.pending = True, None


def _handover(case: Case, step: Step) -> None:
    case.handover, case.secrets = step.reason, []


def _withdraw(case: Case, _: Step) -> None:
    case.withdrawn, case.pending = True, None


def _calm(case: Case, _: Step) -> None:
    case.abuse += 1


def _restart(case: Case, _: Step) -> None:
    keep = Case(turn=case.turn, done=case.done, reasons=case.reasons, said=case.said, disclosed=case.disclosed, moods=case.moods, stage=case.stage,
                ticket=case.ticket, message=case.message, message_id=case.message_id, risks=case.risks)
    case.__dict__.update(keep.__dict__)


_EFFECTS = {"apologise": _apologise, "listen_on": _listen_on, "safety": _safety, "confirm": _confirm, "ask_correction": _correcting, "file_ticket": _file, "request_handover": _handover,
            "withdraw": _withdraw, "calm": _calm, "restart": _restart}
