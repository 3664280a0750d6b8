"""Personal data is masked in all that staff read, and shown to whoever needs it, with a row for the auditor."""
import pytest
from fastapi.testclient import TestClient

from bot.dialogue.case import Case, CaseFact, CaseIssue
from kb_connector.tickets import Complaint, Fact, Issue
from tests.bot.desk.desk_fakes import API, TOKEN, C

PHONE, MAIL, ADDRESS = "13612340404", "zhang@example.com", "杭州市西湖区文三路88号3栋502室"
RAW = (PHONE, MAIL, "88号3栋", "502室")


@pytest.fixture
def told(desk, outside, waiting):
    """A customer who told everything, a bot that said it back, and a ticket."""
    said, _ = desk.transcript.accept(C, "web", f"我叫张三，电话{PHONE}，邮箱{MAIL}，住{ADDRESS}")
    desk.transcript.add(C, "bot", f"地址：{ADDRESS}，对吗？")
    ticket = desk.records.tickets.file(Complaint(C, "web", f"漏水，{ADDRESS}", (Issue("complain_quality", f"漏水 {MAIL}"),), {
        "address": Fact(ADDRESS, ADDRESS, "2"), "order_id": Fact("13700001111", "13700001111", "2")}, contact_phone=PHONE, contact_name="张三"), key="k")
    outside.cases[C] = Case(issues=[CaseIssue("complain_quality", f"漏水，打{PHONE}", "2")], ticket=ticket.number, told=[{"text": f"电话{PHONE}", "message": "2"}],
                            facts={"contact_phone": CaseFact(PHONE, PHONE, "2"), "address": CaseFact(ADDRESS, ADDRESS, "2"), "order_id": CaseFact("13700001111", "13700001111", "2")})
    return said.id, ticket.number


@pytest.fixture
def wang(enter, told):
    wang = enter("wang")
    wang.post(f"{API}/take", json={"conversation": C})
    return wang


def look(client, **what):
    return client.post(f"{API}/reveal", json={"conversation": C, "reason": "要给客户回电话", **what})


def test_no_list_and_no_page_shows_what_is_personal(wang, told, app, desk):
    number = told[1]
    wang.post(f"{API}/note", json={"conversation": C, "text": f"回电 {PHONE}"})
    for path, query in (("conversation", {"id": C}), ("messages", {"id": C}), ("inbox", {"box": "all"}), ("inbox", {"box": "mine"}), ("queue", {})):
        read = wang.get(f"{API}/{path}", params=query)
        assert read.status_code == 200 and not [raw for raw in RAW if raw in read.text], path
    for path in ("", f"/{number}", f"/{number}/timeline"):
        read = wang.get(f"/api/v1/tickets{path}")
        assert read.status_code == 200 and not [raw for raw in RAW if raw in read.text], path


def test_the_page_is_told_what_can_be_asked_for(wang, told):
    read = wang.get(f"{API}/conversation", params={"id": C}).json()
    assert read["messages"][1]["masked"] == ["address", "email", "phone"]
    facts = {f["fact"]: f for f in read["packet"]["facts"]}
    assert facts["address"]["masked"] and facts["address"]["value"] == "杭州市＊＊＊"
    assert facts["contact_phone"]["masked"]
    assert facts["order_id"]["value"] == "13700001111" and wang.get(f"/api/v1/tickets/{told[1]}").json()["facts"]["order_id"]["value"] == "13700001111"


def test_the_live_line_masks_too(wang, desk):
    with wang.websocket_connect("/ws/desk") as line:
        line.receive_json()
        wang.post(f"{API}/note", json={"conversation": C, "text": f"回电 {PHONE}"})
        assert line.receive_json()["event"]["note"]["text"] == "回电 136****0404"


def test_a_field_or_a_message_is_shown_with_a_reason_and_written_down(wang, told, enter):
    assert look(wang, field="contact_phone").json()["value"] == PHONE
    assert ADDRESS in look(wang, message=told[0]).json()["value"]
    assert look(wang, conversation=None, ticket=told[1], field="address").json()["value"] == ADDRESS
    sun = enter("sun", "auditor")
    rows = sun.get(f"{API}/audit", params={"conversation": C, "event": "reveal"}).json()["items"]
    assert [(r["actor"], r["what"], r["note"], r["ticket"]) for r in rows] == [
        ("wang", "address", "要给客户回电话", told[1]), ("wang", f"message {told[0]}", "要给客户回电话", None), ("wang", "contact_phone", "要给客户回电话", None)]
    assert not [raw for raw in RAW if raw in str(rows)]


@pytest.mark.parametrize("what, status", [({"field": "contact_phone", "reason": " "}, 422), ({}, 422), ({"field": "contact_phone", "message": 1}, 422),
                                          ({"field": "colour"}, 404), ({"message": 999}, 404), ({"conversation": None, "field": "address"}, 422)])
def test_a_look_needs_a_reason_and_one_thing_to_look_at(wang, desk, what, status):
    assert look(wang, **what).status_code == status
    assert wang.get(f"{API}/audit").status_code == 403


def test_a_message_of_another_conversation_is_not_shown(wang, desk):
    other, _ = desk.transcript.accept("c2", "web", f"我的电话{PHONE}")
    assert look(wang, message=other.id).status_code == 404


def test_only_who_works_on_the_case_and_leads_may_look(wang, enter):
    assert look(enter("li"), field="contact_phone").status_code == 403
    assert look(enter("sun", "auditor"), field="contact_phone").status_code == 403
    assert look(enter("zhao", "lead"), field="contact_phone").status_code == 200


def test_who_had_it_last_and_who_owns_the_ticket_may_look_later(wang, told, enter):
    wang.post(f"{API}/return", json={"conversation": C})
    assert look(wang, field="contact_phone").status_code == 200
    li = enter("li")
    wang.patch(f"/api/v1/tickets/{told[1]}", json={"owner": "li"})
    assert look(li, conversation=None, ticket=told[1], field="contact_phone").json()["value"] == PHONE


def test_machines_work_with_the_plain_ticket(app, told):
    machine = TestClient(app, headers={"Authorization": f"Bearer {TOKEN}"})
    assert machine.get(f"/api/v1/tickets/{told[1]}").json()["facts"]["address"]["value"] == ADDRESS
