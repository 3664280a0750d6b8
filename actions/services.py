"""What the actions need from outside, opened once per process."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Callable

from bot.dialogue.wording import Phrasebook
from bot.settings import Settings
from kb_connector.records import Records, open_records


@dataclass(frozen=True)
class Services:
    records: Records
    words: Phrasebook
    clock: Callable[[], datetime]


_current: Services | None = None


def use(services: Services) -> None:
    """Hand over what the application has opened already."""
    global _current
    _current = services


def current() -> Services:
    """The process's services; opened from the settings where nobody handed them over (`rasa run actions`)."""
    if _current is None:
        settings = Settings.from_environment()
        use(Services(open_records(settings.database_url, policy_dir=settings.policy_dir, clock=settings.clock), Phrasebook.load(), settings.clock))
    return _current
