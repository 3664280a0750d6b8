"""The baseline's one custom action: as little work as an action can do."""
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher


class FileTicket(Action):
    """Number the complaint and say so."""

    def name(self) -> str:
        return "action_file_ticket"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        number = f"C{len(tracker.events):06d}"
        dispatcher.utter_message(text=f"已经为您登记，编号{number}。")
        return [SlotSet("ticket", number)]
