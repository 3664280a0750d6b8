"""The answer to the question for the wish: one, several, or none yet. Pure."""
from __future__ import annotations

from bot.dialogue import answers
from bot.dialogue.aside import interrupts, wants_person
from bot.dialogue.case import Case
from bot.dialogue.note import NO_WISH_YET, absorb, demand, wishes_in
from bot.dialogue.understood import Understood


def wish(case: Case, u: Understood) -> None:
    """The answer to the wish question: one wish, several, or none yet."""
    if interrupts(case, u, "demand") and not _beside_a_risk(case, u):
        return
    if u.intent.startswith("complain_") and not wishes_in(case, u) and len(u.text) > 12 and case.asked.get("demand", 0) < 2:
        return                                               # still telling: the wish stays open, once
    absorb(case, u)
    if answers.does_not_know(u.text) or answers.is_thinking(u.text) or answers.wants_nothing(u.text):
        case.demand, case.demand_text, case.act = case.demand or ["其他"], case.demand_text or NO_WISH_YET, "answered"
        return
    if not wishes_in(case, u) and (answers.has_finished(u.text) or u.first("phone") or u.is_("chitchat", "thank", "greet", "goodbye", "affirm", at_least=.5) or answers.already_said(u.text) or (u.is_("provide_facts", at_least=.5) and u.entities)):
        return
    if not demand(case, u):
        case.demand, case.demand_text = [*case.demand, "其他"], answers.without_reproach(u.text) or u.text
    case.act = "answered"


def _beside_a_risk(case: Case, u: Understood) -> bool:
    """A wish is kept though something grave is told with it."""
    return bool(u.risks and wishes_in(case, u)) and not (wants_person(u) or u.is_("withdraw", "self_harm", "violence_threat", at_least=.4))
