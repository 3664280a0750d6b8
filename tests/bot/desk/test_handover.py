"""Every edge of the handover's life."""
import pytest

from bot.desk.handover import (
    AT_REST,
    MOVES,
    STATES,
    NotAllowed,
    changes_hands,
    events_in,
    move,
)

ACTORS = ("customer", "bot", "system", "staff", "lead")


@pytest.mark.parametrize("event", MOVES)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("actor", ACTORS)
def test_exactly_the_listed_edges_exist(state, event, actor):
    listed = MOVES[event]
    if state in listed.sources and actor in listed.actors:
        assert move(state, event, actor=actor).to in STATES
    else:
        with pytest.raises(NotAllowed):
            move(state, event, actor=actor)


def test_the_bot_owns_every_state_at_rest_and_nobody_else_does():
    for each in MOVES.values():
        assert (each.owner == "bot") == (each.to in AT_REST)


def test_every_state_can_be_reached_and_left():
    assert {each.to for each in MOVES.values()} | {"bot"} == set(STATES)
    assert all(any(state in each.sources for each in MOVES.values()) for state in STATES)


def test_every_exit_can_be_called_back_and_asked_again():
    for state in ("no_agent", "off_hours", "timed_out", "abandoned"):
        assert move(state, "take", actor="staff").owner == "human"
        assert move(state, "request", actor="customer").to == "requested"


def test_an_agent_leaves_a_colleagues_chat_alone_and_a_lead_need_not():
    with pytest.raises(NotAllowed, match="somebody else"):
        move("active", "return", actor="staff", holds=False)
    assert move("active", "return", actor="lead", holds=False).owner == "bot"
    assert "wrap_up" not in events_in("active", actor="staff", holds=False)
    assert {"join", "take_over"} <= set(events_in("active", actor="lead", holds=False))


def test_a_change_of_hands_is_a_new_owner_or_another_person():
    assert changes_hands("bot", None, MOVES["request"], None)
    assert not changes_hands("queue", None, MOVES["assign"], "wang")
    assert changes_hands("human", "wang", MOVES["transfer"], "li")
    assert not changes_hands("human", "wang", MOVES["wrap_up"], "wang")
    assert not changes_hands("human", "wang", MOVES["join"], "wang")
