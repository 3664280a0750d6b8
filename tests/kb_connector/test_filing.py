"""Filing, supplementing and finding tickets."""
from __future__ import annotations

import csv
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from kb_connector.errors import NotFound, Rejected, Unavailable
from kb_connector.records import open_records
from kb_connector.tickets import Fact, Issue, Risk


def told(ticket):
    return [row["what"] for row in ticket.timeline]


def test_a_number_cannot_be_mistaken_or_guessed(records, complaint):
    numbers = {records.tickets.file(complaint(), key=str(i)).number for i in range(20)}
    assert len(numbers) == 20
    assert all(re.fullmatch(r"C261123[2-9A-HJ-NP-Z]{5}", number) for number in numbers)


def test_the_same_key_files_once_even_at_the_same_moment(records, complaint):
    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(lambda _: records.tickets.file(complaint(), key="one").number, range(16)))
    assert len(numbers) == 1 and len(records.tickets.search().items) == 1


def test_the_agreed_shape_is_kept_and_no_raw_phone_leaves(filed):
    ticket = filed(summary="请打 13600000404 找我", facts={"contact_phone": Fact("13600000404", "我的电话13600000404", "m4")})
    shape = ticket.as_json()
    assert list(shape) == (
        "number status severity channel conversation created_at summary issues facts demand demand_amount contact anonymous emotion "
        "risks owner department due remedy approvals promises agreement fulfilment satisfaction outcome lesson timeline").split()
    assert shape["contact"] == {"name": "李女士", "phone_masked": "136****0404"}
    assert shape["facts"]["contact_phone"] == {"value": "136****0404", "text": "136****0404", "message": "m4"}
    assert "13600000404" not in json.dumps([shape, ticket.staff_json()], ensure_ascii=False)
    assert ticket.contact_phone == "13600000404"


def test_filing_makes_the_published_promises(filed):
    promises = filed().promises
    assert [(row["what"], row["due"][:16], row["status"]) for row in promises] == [
        ("首次人工回复", "2026-11-23T18:00", "open"), ("给出处理意见", "2026-11-24T18:00", "open"), ("办结并回访", "2026-11-26T18:00", "open")]


def test_a_ticket_is_never_filed_below_its_risks(filed):
    assert filed(risks=(Risk("media_legal", "我要曝光", "m2"),), severity="L1").severity == "L3"
    assert filed(facts={"amount": Fact("680")}).severity == "L2"
    assert filed(severity="L4").severity == "L4"


@pytest.mark.parametrize("issues, risks, department", [
    (("complain_quality",), (), "after_sales"), (("complain_delivery_delay",), (), "logistics"), (("complain_general",), (), "care"),
    (("complain_quality",), ("injury",), "safety"), ((), (), "care")])
def test_the_risk_decides_the_department_before_the_cause(filed, issues, risks, department):
    ticket = filed(issues=tuple(Issue(cause, "") for cause in issues), risks=tuple(Risk(name) for name in risks))
    assert ticket.department == department


def test_an_abandoned_conversation_files_what_is_known(filed):
    ticket = filed(summary="", issues=(), facts={}, contact_name=None, demand=(), reason="abandoned")
    assert (ticket.status, told(ticket)) == ("filed", ["filed"])


@pytest.mark.parametrize("wrong", [{"severity": "L7"}, {"reason": "bored"}, {"conversation": " "}])
def test_a_complaint_that_makes_no_sense_is_refused(filed, wrong):
    with pytest.raises(Rejected):
        filed(**wrong)


def test_a_supplement_adds_and_corrects_and_tells_the_history(records, filed, complaint):
    number = filed().number
    newer = complaint(issues=(Issue("complain_attitude", "客服挂电话"),),
                      facts={"product": Fact("电热水壶 K17", "K17", "m9"), "order_id": Fact("TS1", "TS1", "m9")}, demand=("退款", "道歉"))
    ticket = records.tickets.update_complaint(number, newer, actor="bot", note="客户补充")
    assert ticket.causes == ("complain_quality", "complain_attitude")
    assert ticket.fact_values == {"product": "电热水壶 K17", "contact_phone": "13600000404", "order_id": "TS1"}
    assert ticket.severity == "L2" and ticket.demand == ("退款", "道歉")
    assert told(records.tickets.get(number)) == ["filed", "supplemented", "issue_added", "fact_changed", "fact_added", "demand_changed", "severity_raised"]
    assert records.tickets.search(cause="complain_attitude").items[0].number == number


def test_a_story_that_goes_on_is_told_to_the_history_only_by_what_is_new(records, filed, complaint):
    number = filed(facts={"what_happened": Fact("壶不烧水", "壶不烧水", "m1")}).number
    records.tickets.update_complaint(number, complaint(facts={"what_happened": Fact("壶不烧水 / 还漏电", "还漏电", "m2")}), actor="bot")
    assert records.tickets.timeline(number)[-1]["note"] == "what_happened: … 还漏电"


def test_a_supplement_never_lowers_the_severity_or_loses_a_fact(records, filed, complaint):
    number = filed(severity="L3").number
    ticket = records.tickets.update_complaint(number, complaint(facts={}, severity="L1", contact_name=None), actor="bot")
    assert (ticket.severity, ticket.contact_name, len(ticket.facts)) == ("L3", "李女士", 2)


def test_a_graver_case_gets_tighter_clocks_from_the_same_start(records, filed, complaint, clock):
    before = filed()
    clock.forward(hours=1)
    after = records.tickets.update_complaint(before.number, complaint(risks=(Risk("injury", "烫伤了", "m5"),)), actor="bot")
    assert after.created_at == before.created_at
    assert after.due["first_reply"][:16] == "2026-11-23T10:30" and after.due["plan"][:16] == "2026-11-24T10:00"
    assert [row["due"] for row in after.promises if row["id"] == "first_reply"] == [after.due["first_reply"]]


def test_a_new_risk_reroutes_a_ticket_that_nobody_has_taken(records, filed, complaint):
    hurt = complaint(risks=(Risk("injury", "烫伤了", "m5"),))
    assert records.tickets.update_complaint(filed().number, hurt, actor="bot").department == "safety"
    taken = filed().number
    records.tickets.patch(taken, {"owner": "小王"}, actor="小王", role="agent")
    assert records.tickets.update_complaint(taken, hurt, actor="bot").department == "after_sales"


def test_only_the_conversation_or_the_last_four_digits_open_a_ticket(records, filed):
    number = filed().number
    assert records.tickets.visible_to(number, conversation="web-1").number == number
    assert records.tickets.visible_to(number.lower(), last4="0404").number == number
    for wrong in ({}, {"conversation": "web-2"}, {"last4": "0405"}, {"last4": ""}, {"conversation": "", "last4": None}):
        with pytest.raises(NotFound):
            records.tickets.visible_to(number, **wrong)


def test_without_a_phone_no_digits_open_a_ticket(records, filed):
    number = filed(facts={}, anonymous=True).number
    with pytest.raises(NotFound):
        records.tickets.visible_to(number, last4="")


def test_pages_go_from_the_newest_to_the_oldest_without_gaps(records, filed):
    numbers = [filed().number for _ in range(5)]
    first = records.tickets.search(limit=2)
    second = records.tickets.search(limit=2, cursor=first.next_cursor)
    third = records.tickets.search(limit=2, cursor=second.next_cursor)
    assert [t.number for page in (first, second, third) for t in page.items] == numbers[::-1]
    assert third.next_cursor is None


def test_a_search_finds_words_literally(records, filed):
    filed(summary="打了50%折扣")
    filed(summary="打了50折扣")
    assert len(records.tickets.search(q="50%").items) == 1
    assert len(records.tickets.search(q="折扣 打了").items) == 2
    assert not records.tickets.search(q="_").items


@pytest.mark.parametrize("wrong", [{"status": "x"}, {"severity": "L9"}, {"cause": "x"}, {"limit": 0}, {"limit": 999}, {"cursor": "a"}, {"cursor": "²"}])
def test_a_search_that_cannot_be_is_refused(records, wrong):
    with pytest.raises(Rejected):
        records.tickets.search(**wrong)


def test_an_unknown_number_is_not_found(records):
    with pytest.raises(NotFound):
        records.tickets.get("C261123XXXXX")


def test_export_gives_json_lines_and_a_harmless_table(records, filed):
    filed(summary="=HYPERLINK(1)")
    lines, table = io.StringIO(), io.StringIO()
    assert records.tickets.export(lines) == records.tickets.export(table, "csv") == 1
    assert json.loads(lines.getvalue())["contact"]["phone_masked"] == "136****0404"
    assert list(csv.DictReader(io.StringIO(table.getvalue())))[0]["summary"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("score", [-1, 6, True, "5", 4.5])
def test_a_score_is_a_whole_number_up_to_five(records, filed, score):
    with pytest.raises(Rejected):
        records.tickets.rate(filed().number, score, actor="customer")


def test_a_later_score_replaces_the_earlier_and_both_stay_in_the_history(records, filed):
    number = filed().number
    records.tickets.rate(number, 1, actor="customer")
    ticket = records.tickets.rate(number, 5, actor="customer")
    assert ticket.satisfaction["score"] == 5
    assert [row["note"] for row in records.tickets.timeline(number) if row["what"] == "rated"] == ["1", "5"]


def test_an_in_memory_database_serves_many_threads(complaint):
    tickets = open_records("sqlite://").tickets
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: tickets.file(complaint(), key=str(i)), range(12)))
    assert len(tickets.search().items) == 12


def test_a_database_that_is_away_is_unavailable(tmp_path, complaint):
    records = open_records(f"sqlite:///{tmp_path / 'r.db'}", create=False)       # no tables
    with pytest.raises(Unavailable):
        records.tickets.file(complaint(), key="k")


def test_an_address_that_is_none_is_refused():
    with pytest.raises(Rejected):
        open_records("not a database")
