"""Events from JSON, quickly: Rasa walks all subclasses of Event for every single event; their names never change."""
from __future__ import annotations

from typing import Any, Optional

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

_classes: dict[str, type[Event]] = {}


def event_of(parameters: dict[str, Any]) -> Optional[Event]:
    """The same as `Event.from_parameters`; None for what is no event."""
    name = parameters.get("event")
    if name is None:
        return None
    known = _classes.get(name)
    if known is None:
        known = next((c for c in all_subclasses(Event) if c.type_name == name), None)
        if known is None:
            return None
        _classes[name] = known
    return known._from_parameters(parameters)
