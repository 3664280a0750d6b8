"""What a case is made of: facts, grievances, risks, each with the words and the message that it came from."""
from __future__ import annotations

from dataclasses import dataclass

STORY = 14                  # characters from which a message tells what happened
SURE = .35                  # below this a cause is a guess: asked about, never named to the customer


@dataclass
class CaseFact:
    """`value` normalised, `text` the customer's words, `message` the id of the message it came from."""

    value: str
    text: str = ""
    message: str = ""


@dataclass
class CaseIssue:
    cause: str
    text: str = ""
    message: str = ""
    confidence: float = 1.0
    rival: str = ""                                                  # beside a guess, the cause that is nearly as likely

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE and not self.rival


@dataclass
class CaseRisk:
    text: str = ""
    message: str = ""
    answered: bool = False
