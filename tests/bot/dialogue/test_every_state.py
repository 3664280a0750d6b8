"""Every resting stage × every intent: each pair is visited, answered, and leaves a way to a number or a person."""
from __future__ import annotations

import time

import pytest

from bot.dialogue.decide import decide
from bot.vocabulary import INTENTS, STAGES
from tests.bot.dialogue.test_invariants import PROMISES
from tests.bot.dialogue.walking import COMPLAINT, FIT, PERSON, STAGES_REACHED, Said, reached, to_the_end

PASSING = {"apology", "filed"}                               # within one turn the next step follows


def message(intent: str, confidence: float) -> Said:
    own = (intent,) if intent.startswith("complain_") else ()
    return Said(intent, confidence, "这里是一句跟它有关的话", issues=own)


@pytest.mark.parametrize("stage", STAGES_REACHED)
def test_the_stage_is_reached_by_talking(stage):
    assert reached(stage).case.stage == stage


@pytest.mark.parametrize("confidence", [0.97, 0.55])
@pytest.mark.parametrize("stage", STAGES_REACHED)
def test_every_intent_is_answered_at(stage, confidence):
    for intent in INTENTS:
        walk = reached(stage)
        before = walk.copy()
        steps = walk.say(message(intent, confidence))
        for promise in PROMISES:
            assert promise(before, steps, walk), f"{promise.__doc__}: {intent} at {stage}\n{walk}"


@pytest.mark.parametrize("stage", STAGES_REACHED)
def test_from_every_stage_a_person_comes_in_the_same_turn(stage):
    for asking in PERSON:
        assert "request_handover" in [s.name for s in reached(stage).say(asking)]


@pytest.mark.parametrize("stage", STAGES_REACHED)
def test_from_every_stage_a_willing_customer_gets_a_number_or_a_person(stage):
    assert to_the_end(reached(stage)) < 14


def test_the_coverage_table_has_no_hole(tmp_path_factory):
    """Written as TSV for whoever wants to read it: what answers which intent at which stage."""
    visited = {(stage, intent): "+".join(s.name for s in reached(stage).say(message(intent, 0.97))) for stage in STAGES_REACHED for intent in INTENTS}
    table = tmp_path_factory.mktemp("coverage") / "stage_by_intent.tsv"
    rows = ["\t".join(["", *STAGES_REACHED]), *("\t".join([intent, *(visited[s, intent] for s in STAGES_REACHED)]) for intent in INTENTS)]
    table.write_text("\n".join(rows), encoding="utf-8")
    assert set(STAGES_REACHED) | PASSING == set(STAGES)
    assert all(visited.values()), [pair for pair, steps in visited.items() if not steps]


def test_an_ordinary_complaint_is_filed_in_eight_customer_turns():
    walk = reached("collecting")
    assert len(walk.log) + to_the_end(walk) <= 8, str(walk)


def test_deciding_takes_less_than_fifty_microseconds():
    cases = [reached(stage).case for stage in STAGES_REACHED]
    fastest = min(_seconds(cases) for _ in range(7))
    assert fastest / (200 * len(cases)) < 50e-6


def _seconds(cases) -> float:
    started = time.perf_counter()
    for _ in range(200):
        for case in cases:
            decide(case)
    return time.perf_counter() - started


def test_records_that_are_away_bring_a_person():
    walk = reached("greeting")
    walk.records_away = True
    for said in (COMPLAINT, *[FIT] * 9):
        walk.say(said)
    assert walk.case.handover and not walk.case.ticket_seen
