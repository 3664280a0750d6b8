"""The table of faults in the channels' README names tests that exist, and leaves out no fault."""
from __future__ import annotations

import re

from bot.settings import ROOT

README = (ROOT / "bot" / "channels" / "README.md").read_text(encoding="utf-8")
TESTS = "".join(path.read_text(encoding="utf-8") for folder in ("bot/channels", "journeys") for path in (ROOT / "tests" / folder).glob("test_*.py"))


def test_every_test_that_the_readme_names_exists():
    named = set(re.findall(r"`(test_[a-z]\w+)`", README))
    assert len(named) > 40 and not {name for name in named if f"def {name}(" not in TESTS}


def test_each_of_the_twelve_faults_has_its_tests():
    assert [n for n in range(1, 13) if f"`test_fault_{n}_" not in README] == []
