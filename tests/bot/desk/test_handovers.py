"""Handovers in the database: queue, hands, timers, audit."""
import os
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import insert

from bot.desk.handover import NotAllowed
from bot.desk.staff import Staff
from bot.dialogue.case import Case
from bot.dialogue.wording import Phrasebook
from bot.reception.tables import messages
from kb_connector.database import writing
from kb_connector.tickets import Complaint, Issue
from tests.bot.desk.desk_fakes import NIGHT, Clock, make_desk

WANG, LI, LEAD = Staff("wang", "小王", "agent"), Staff("li", "小李", "agent"), Staff("zhao", "赵主管", "lead")


@pytest.fixture
def clock():
    return Clock()


POSTGRESQL = os.environ.get("TINGSU_TEST_DATABASE_URL")


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRESQL else [])])
def desk(request, tmp_path, clock):
    desk = make_desk(tmp_path, clock, POSTGRESQL if request.param == "postgresql" else None)[0]
    yield desk
    desk.engine.dispose()


@pytest.fixture
def do(desk):
    return desk.handovers


def ask(do, conversation="c1", severity="L1", ticket=None):
    return do.request(conversation, channel="web", reason="asked for a person", severity=severity, ticket=ticket)


def test_a_conversation_that_never_called_a_person_is_the_bots(do):
    assert do.current("c1").owner == "bot"
    assert do.current("c1").version == 0


def test_the_first_in_the_queue_is_next(do):
    do.heartbeat("wang")
    ownership, notice = ask(do)
    assert (ownership.owner, ownership.state, ownership.position, notice.key) == ("queue", "queued", 1, "queue_next")


def test_the_graver_goes_first_and_the_place_is_told_with_an_estimate(do, clock):
    do.heartbeat("wang")
    ask(do, "c1"), clock.ahead(seconds=5)
    assert ask(do, "c2")[1].values == {"position": 1, "minutes": 6}
    assert ask(do, "c3", "L3")[1].key == "queue_next"
    assert [h.conversation for h in do.queue()] == ["c3", "c1", "c2"]
    assert do.current("c2").position == 3


def test_asking_again_keeps_the_place_and_adds_the_ticket(do, clock):
    do.heartbeat("wang")
    first = ask(do)[0]
    clock.ahead(seconds=30)
    again = ask(do, severity="L3", ticket="C1")[0]
    assert again.version == first.version
    assert do.get("c1").requested_at == "2026-11-23T10:00:00+08:00"
    assert (do.get("c1").ticket, do.get("c1").severity) == ("C1", "L3")


def test_nobody_there_is_said_plainly_and_filed_before_it_is_said(do, desk):
    notice = ask(do)[1]
    assert notice.key == "queue_nobody"
    assert desk.records.tickets.get(notice.values["ticket"]).conversation == "c1"
    assert do.get("c1").ticket == notice.values["ticket"] == ask(do)[1].values["ticket"]


def test_off_hours_tell_opening_and_hotline(do, clock):
    clock.now = NIGHT
    ownership, notice = ask(do)
    assert ownership.state == "queued"
    assert notice.key == "queue_off_hours"
    assert notice.values == {"opening": "2026-11-24T09:00:00+08:00", "hotline": "400-000-0000", "ticket": do.get("c1").ticket,
                             "due": "2026-11-24T18:00:00+08:00"}


def test_the_tickets_own_promise_is_the_one_repeated(do, desk):
    ticket = desk.records.tickets.file(Complaint("c1", "web", "洗衣机漏水", (Issue("complain_quality", "漏水"),)), key="k")
    assert ask(do, ticket=ticket.number)[1].values == {"ticket": ticket.number, "due": "2026-11-23T18:00:00+08:00"}
    assert do.get("c1").skill == "after_sales"


def test_taking_silences_the_bot_and_tells_the_customer_who(do):
    version = ask(do)[0].version
    moved = do.take("c1", WANG)
    assert (moved.ownership.owner, moved.ownership.agent, moved.ownership.version) == ("human", "小王", version + 1)
    assert (moved.notice.key, moved.notice.values) == ("queue_accepted", {"agent": "小王", "role": "客服专员"})
    assert do.take("c1", WANG).notice is None


def test_asking_again_while_a_person_is_there_finds_words(do):
    ask(do)
    do.take("c1", WANG)
    ownership, notice = ask(do)
    assert ownership.owner == "human"
    assert "小王" in Phrasebook.load().say(notice.key, Case(), **notice.values)


def test_only_one_of_many_takes_it(do):
    ask(do)

    def attempt(n):
        try:
            do.take("c1", Staff(f"a{n}", f"客服{n}", "agent"))
            return 1
        except NotAllowed:
            return 0
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1


@pytest.mark.parametrize("asked", [True, False], ids=["waiting", "never asked for a person"])
def test_a_bot_reply_never_follows_the_takeover(do, desk, asked):
    """Two hundred races between keeping the bot's reply and taking the conversation."""
    won = {True: 0, False: 0}
    here = Barrier(2)

    def bot(conversation, version):
        here.wait()
        with writing(desk.engine) as db:
            if kept := do.still(db, conversation, version):
                time.sleep(0.02 if conversation.endswith("0") else 0)      # a slow disk: the takeover has all the time it needs
                db.execute(insert(messages).values(conversation=conversation, at="", actor="bot", text="请问订单号是多少？"))
        return kept

    def person(conversation, slow):
        here.wait()
        time.sleep(slow)
        do.take(conversation, LEAD)
        with writing(desk.engine) as db:
            db.execute(insert(messages).values(conversation=conversation, at="", actor="staff", text="您好"))

    with ThreadPoolExecutor(2) as pool:
        for n in range(200):
            version = ask(do, f"race{n}", ticket="C1")[0].version if asked else do.current(f"race{n}").version
            replying, taking = pool.submit(bot, f"race{n}", version), pool.submit(person, f"race{n}", n % 20 / 10000)
            won[replying.result()] += 1
            taking.result()
            actors = [m.actor for m in desk.transcript.since(f"race{n}")]
            assert actors in (["bot", "staff"], ["staff"])
    assert sum(won.values()) == 200 and won[True]


def test_an_agent_cannot_take_a_colleagues_chat_but_a_lead_can(do):
    ask(do)
    version = do.take("c1", WANG).ownership.version
    with pytest.raises(NotAllowed):
        do.take("c1", LI)
    assert do.take("c1", LEAD).ownership.version == version + 1


def test_a_supervisor_joins_without_changing_hands(do):
    ask(do)
    version = do.take("c1", WANG).ownership.version
    moved = do.join("c1", LEAD)
    assert (moved.ownership.version, moved.handover.agent, moved.handover.joined) == (version, "wang", ["zhao"])
    assert moved.notice.key == "supervisor_joined"


def test_a_transfer_to_a_colleague_waits_for_them_and_the_bot_stays_silent(do):
    ask(do)
    do.take("c1", WANG)
    moved = do.transfer("c1", WANG, to=LI, note="懂洗衣机")
    assert (moved.ownership.owner, moved.handover.state, moved.notice.values) == ("human", "assigned", {"agent": "小李"})
    assert do.take("c1", LI).handover.previous_agent == "wang"


def test_a_transfer_to_a_skill_goes_back_to_the_queue(do):
    ask(do)
    do.take("c1", WANG)
    moved = do.transfer("c1", WANG, skill="logistics")
    assert (moved.ownership.owner, moved.handover.skill, moved.ownership.position) == ("queue", "logistics", 1)


def test_handing_back_keeps_the_instruction_and_frees_the_bot(do):
    ask(do)
    do.take("c1", WANG)
    moved = do.return_to_bot("c1", WANG, "请继续收集订单号")
    assert (moved.ownership.owner, moved.handover.state, moved.handover.instruction) == ("bot", "returned", "请继续收集订单号")
    assert moved.handover.agent is None
    assert ask(do)[0].state == "queued"


def test_a_closed_browser_gives_the_customer_back_to_the_queue(do, clock):
    ask(do)
    do.heartbeat("wang")
    version = do.take("c1", WANG).ownership.version
    clock.ahead(seconds=59)
    assert do.expire() == []
    clock.ahead(seconds=2)
    [moved] = do.expire()
    assert (moved.ownership.owner, moved.ownership.version, moved.ownership.position) == ("queue", version + 1, 1)
    assert moved.notice.key == "queue_transferred"
    assert do.expire() == []


def test_a_living_agent_keeps_the_chat(do, clock):
    ask(do)
    do.take("c1", WANG)
    for _ in range(5):
        do.heartbeat("wang")
        clock.ahead(seconds=50)
        assert do.expire() == []


@pytest.mark.parametrize("present, state, says", [(True, "timed_out", "queue_timeout"), (False, "no_agent", "queue_nobody")])
def test_waiting_too_long_ends_in_a_ticket_and_a_promise(do, desk, clock, present, state, says):
    ask(do)
    clock.ahead(minutes=11)
    if present:
        do.heartbeat("wang")
    [moved] = do.expire()
    assert (moved.handover.state, moved.ownership.owner, moved.notice.key) == (state, "bot", says)
    ticket = desk.records.tickets.get(moved.handover.ticket)
    assert (ticket.conversation, moved.notice.values["ticket"]) == ("c1", ticket.number)
    assert moved.notice.values["due"] == "2026-11-23T18:00:00+08:00"


def test_the_bots_own_ticket_is_kept_rather_than_a_second_one(do, desk, clock):
    do.heartbeat("wang")
    ask(do)
    filed = desk.records.tickets.file(Complaint("c1", "web", "漏水", (Issue("complain_quality", "漏水"),)), key="k")
    clock.ahead(minutes=11)
    assert do.expire()[0].handover.ticket == filed.number


def test_two_workers_do_not_both_run_one_timer(do, clock):
    ask(do)
    seen = do.get("c1")
    do.system("c1", "time_out", expected=seen)
    with pytest.raises(NotAllowed, match="meanwhile"):
        do.system("c1", "time_out", expected=seen)


def test_closing_time_ends_the_wait_with_the_next_opening(do, clock):
    clock.ahead(hours=1, minutes=55)
    do.heartbeat("wang")
    ask(do)
    clock.ahead(minutes=11)
    [moved] = do.expire()
    assert (moved.handover.state, moved.notice.key, moved.notice.values["opening"]) == ("off_hours", "queue_off_hours", "2026-11-23T13:30:00+08:00")


def test_who_asked_at_night_waits_for_the_morning(do, clock):
    clock.now = NIGHT
    ask(do)
    clock.ahead(hours=11)
    assert do.expire() == []
    clock.ahead(hours=1, minutes=11)
    assert do.expire()[0].handover.state == "no_agent"


def test_an_open_wrap_up_closes_by_itself(do, clock):
    ask(do)
    do.take("c1", WANG)
    do.wrap_up("c1", WANG)
    clock.ahead(minutes=11)
    [moved] = do.expire()
    assert (moved.handover.state, moved.notice.key) == ("closed", "queue_closed")


def test_leaving_while_waiting_is_noted_and_may_be_called_back(do):
    ask(do)
    do.abandoned("c1")
    assert do.current("c1").state == "abandoned"
    assert do.take("c1", WANG).ownership.owner == "human"
    do.abandoned("c1")
    assert do.current("c1").state == "active"


def test_every_move_leaves_a_row_of_audit(do, clock):
    ask(do)
    clock.ahead(seconds=20)
    do.take("c1", WANG)
    clock.ahead(seconds=90)
    do.return_to_bot("c1", WANG, "谢谢")
    rows = [(r["event"], r["actor"], r["before"], r["after"], r["seconds"]) for r in do.history("c1")]
    assert rows == [("request", "bot", "bot", "requested", None), ("enqueue", "system", "requested", "queued", 0),
                    ("take", "wang", "queued", "active", 20), ("return", "wang", "active", "returned", 90)]


def test_free_agents_are_dealt_what_waits_by_skill_and_capacity(do, desk):
    logistics = desk.records.tickets.file(Complaint("c2", "web", "没送到", (Issue("complain_delivery_delay", "没到"),)), key="k")
    ask(do, "c1"), ask(do, "c2", ticket=logistics.number), ask(do, "c3"), ask(do, "c4")
    staff = [Staff("wang", "小王", "agent", capacity=2), Staff("li", "小李", "agent", ("logistics",), 1), Staff("sun", "小孙", "agent")]
    do.heartbeat("wang"), do.heartbeat("li")
    assert {m.handover.conversation: m.handover.agent for m in do.deal(staff)} == {"c1": "wang", "c2": "li", "c3": "wang"}
    assert do.get("c4").state == "queued"


def test_any_characters_make_a_conversation_id(do):
    odd = "微信:o/x?y=1&z#%20 '\";--"
    ask(do, odd)
    assert do.take(odd, WANG).handover.conversation == odd
