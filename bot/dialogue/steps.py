"""The steps that there are, what each message asks for, and the risks by what they need. Data for `urgent` and `decide`."""
from __future__ import annotations

from dataclasses import dataclass

PERSON_RISKS = ("danger_now", "injury", "food_poisoning", "self_harm", "violence", "account_fraud")   # personal or property safety: GB/T 47746-2026
FILING_RISKS = ("media_legal", "group", "discrimination", "staff_misconduct", "data_leak")             # L3: filed at once, a lead is told
GRAVE_RISKS = (*FILING_RISKS, "hazard")     # nobody is hurt by a hazard yet: it is filed with the rest, at the latest when the customer drops it
SPOKEN_RISKS = (*PERSON_RISKS, *GRAVE_RISKS, "minor", "vulnerable", "punitive_claim")
TERMINAL = frozenset({"ask_fact", "ask_wish", "ask_consent", "confirm", "listen_on", "propose_remedy", "request_handover", "clarify", "close", "greet", "invite",
                      "ask_correction", "ask_withdraw", "restart", "wait"})


@dataclass(frozen=True)
class Step:
    """`name` is the action without its prefix; `asks` what it asks for; `reason` is kept for staff."""

    name: str
    reason: str
    asks: str | None = None

    @property
    def action(self) -> str:
        return "action_listen" if self.name == "listen" else f"action_{self.name}"


LISTEN = Step("listen", "the answer is complete")
# act → (step that answers it, reason)
REACTIONS = {
    "ask_policy": "answer", "ask_how_to_complain": "answer", "ask_product": "answer",
    "ask_progress": "show_status", "urge": "urge", "dissatisfied_result": "reopen", "withdraw_confirmed": "withdraw",
    "rated": "take_rating", "rate": "take_rating", "chosen": "take_choice", "countered": "take_choice", "undecided": "take_choice",
    "ask_bot_identity": "reassure", "wait": "wait", "evidence": "reassure", "data_rights": "take_data_request", "suggest_or_praise": "reassure",
    "chitchat": "reassure", "out_of_scope": "reassure", "abuse": "calm", "complain_bot": "reassure", "callback_time": "reassure",
    "reproached": "reassure", "incomplete": "reassure", "restart": "restart", "thank": "close", "goodbye": "close"}
