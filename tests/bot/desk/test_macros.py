"""Macros, tags and texts with names to fill in."""
import pytest

from bot.desk.macros import built_in
from bot.desk.wording import lint
from bot.dialogue.case import Case, CaseFact
from tests.bot.desk.desk_fakes import API, C


@pytest.fixture
def ticket(desk, waiting):
    """Nobody was there, so the desk filed what the customer was promised."""
    return desk.records.tickets.get(desk.handovers.get(C).ticket)


def taken(client):
    return client.post(f"{API}/take", json={"conversation": C}).json()["handover"]["version"]


def run(client, key, version, client_id="r1"):
    return client.post(f"{API}/macros/{key}/run", json={"conversation": C, "version": version, "client_id": client_id})


def key_of(client, title):
    return next(m["id"] for m in client.get(f"{API}/macros").json()["items"] if m["title"] == title)


def test_a_macro_speaks_and_moves_the_ticket(enter, ticket, desk, outside):
    wang = enter("wang", display="小王")
    outside.cases[C] = Case(facts={"contact_name": CaseFact("张女士")})
    done = run(wang, key_of(wang, "受理并告知"), taken(wang)).json()
    assert (done["done"], done["failed"], done["repeated"]) == (["ticket"], None, False)
    said = desk.transcript.latest(C)[-1].text
    assert said.startswith("张女士您好，我是") and "小王" in said and ticket.number in said
    moved = desk.records.tickets.get(ticket.number)
    assert (moved.status, moved.timeline[-1]["actor"]) == ("acknowledged", "wang")


def test_a_repeated_run_does_nothing_twice(enter, ticket, desk):
    wang = enter("wang")
    version, key = taken(wang), key_of(wang, "开始核实")
    first, again = run(wang, key, version).json(), run(wang, key, version).json()
    assert first["done"] == ["ticket", "tag"]
    assert (again["repeated"], again["message"], again["done"]) == (True, first["message"], [])
    assert len([m for m in desk.transcript.latest(C) if m.actor == "staff"]) == 1


def test_a_text_with_a_hole_is_not_sent(enter, waiting, desk):
    wang, lead = enter("wang"), enter("zhao", "lead")
    key = lead.post(f"{API}/macros", json={"title": "查订单", "text": "我来查{订单}", "actions": [{"do": "tag", "tag": "查单"}]}).json()["id"]
    refused = run(wang, key, taken(wang))
    assert (refused.status_code, refused.json()["error"]["details"]) == (422, {"missing": ["订单"]})
    assert [m.actor for m in desk.transcript.latest(C)] == ["customer"]


def test_a_refused_action_is_told_and_what_was_done_stays(enter, ticket, desk):
    wang, lead = enter("wang"), enter("zhao", "lead")
    macro = {"title": "办结", "text": "好的", "actions": [{"do": "tag", "tag": "办结"}, {"do": "ticket", "action": "close"}, {"do": "return"}]}
    key = lead.post(f"{API}/macros", json=macro).json()["id"]
    done = run(wang, key, taken(wang)).json()
    assert (done["done"], done["failed"]["do"], done["failed"]["error"]["code"]) == (["tag"], "ticket", "move_not_allowed")
    assert desk.handovers.get(C).state == "active"
    assert wang.get(f"{API}/conversation", params={"id": C}).json()["tags"] == ["办结"]


def test_a_macro_passes_the_conversation_on(enter, ticket, desk, outside):
    wang = enter("wang")
    done = run(wang, key_of(wang, "转物流配送部"), taken(wang)).json()
    assert done["done"] == ["note", "transfer"]
    now = desk.handovers.get(C)
    assert (now.state, now.skill) == ("queued", "logistics")
    assert outside.notices[-1][1].key == "queue_transferred"


def test_only_who_has_the_conversation_runs_a_macro_on_it(enter, ticket):
    wang, li = enter("wang"), enter("li")
    version = taken(wang)
    assert run(li, "b0", version).json()["error"]["code"] == "not_yours"
    assert run(wang, "b0", version - 1).json()["error"]["code"] == "stale_version"
    assert run(wang, "b99", version).status_code == run(wang, "nonsense", version).status_code == 404


@pytest.mark.parametrize("wrong", [
    {"text": "x", "actions": []}, {"title": "t", "text": "{名字}", "actions": []}, {"title": "t", "text": "", "actions": [{"do": "explode"}]},
    {"title": "t", "text": "", "actions": [{"do": "transfer"}]}, {"title": "t", "text": "", "actions": [{"do": "transfer", "skill": "magic"}]},
    {"title": "t", "text": "", "actions": [{"do": "ticket", "action": "explode"}]}, {"title": "t", "text": "", "actions": [{"do": "tag", "tag": "x", "extra": 1}]}])
def test_a_wrong_macro_is_refused_when_it_is_written(enter, wrong):
    assert enter("zhao", "lead").post(f"{API}/macros", json=wrong).status_code == 422


def test_macros_are_kept_by_leads(enter):
    wang, lead = enter("wang"), enter("zhao", "lead")
    macro = {"title": "甲", "text": "您好", "actions": [{"do": "tag", "tag": "甲"}]}
    assert wang.post(f"{API}/macros", json=macro).status_code == 403
    key = lead.post(f"{API}/macros", json=macro).json()["id"]
    assert lead.put(f"{API}/macros/{key}", json={**macro, "title": "乙"}).json()["title"] == "乙"
    assert wang.get(f"{API}/macros").json()["items"][0]["title"] == "乙"
    assert [lead.delete(f"{API}/macros/{key}").status_code for _ in range(2)] == [204, 404]


def test_the_macros_that_come_with_the_desk_are_fit_to_be_said_and_done(desk):
    for macro in built_in():
        assert lint(macro.text) == [], macro.title
        for action in macro.actions:
            assert action.do != "ticket" or action.action in desk.records.policy.lifecycle.moves
            assert action.do != "transfer" or action.skill in desk.records.policy.company.departments


def test_tags_are_put_on_and_taken_off_and_the_inbox_finds_them(enter, waiting):
    wang = enter("wang")
    tag = lambda name, on=True: wang.post(f"{API}/tags", json={"conversation": C, "tag": name, "on": on}).json()["tags"]      # noqa: E731
    assert tag("等凭证") == ["等凭证"]
    assert tag("等凭证") == ["等凭证"]
    assert [i["conversation"] for i in wang.get(f"{API}/inbox", params={"box": "queue", "tag": "等凭证"}).json()["items"]] == [C]
    assert wang.get(f"{API}/inbox", params={"box": "queue", "tag": "别的"}).json()["items"] == []
    assert tag("等凭证", on=False) == []


def test_a_text_is_filled_in_before_it_is_sent(enter, waiting, outside):
    wang = enter("wang", display="小王")
    outside.cases[C] = Case(facts={"product": CaseFact("洗衣机")})
    shown = wang.post(f"{API}/render", json={"conversation": C, "text": "{称呼}您好，我是{坐席}，{商品}的事，{订单}"}).json()
    assert shown == {"text": "您好，我是小王，洗衣机的事，{订单}", "missing": ["订单"]}
