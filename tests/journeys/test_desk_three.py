"""Three people in three browsers against the real server and model: the customer at the shop, an agent, a supervisor."""
from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
if not Path("/usr/bin/chromium").exists():
    pytest.skip("Chromium is not installed", allow_module_level=True)

from tests.journeys.desk_browsers import (
    conversation_state,
    look,
    open_chat,
    visiting,
)
from tests.journeys.desk_house import open_house

expect = playwright.expect
OPEN, NIGHT = "2026-11-23T10:00:00+08:00", "2026-11-23T22:30:00+08:00"
SHOTS = Path(os.environ["TINGSU_DESK_SHOTS"]) if os.environ.get("TINGSU_DESK_SHOTS") else None
STORY = "上周六在你们万达店买的洗衣机，四百六，才用三天就漏水，打客服电话那女的爱答不理的，气死我了！"
PHOTO = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082")


@pytest.fixture(scope="module")
def house(tmp_path_factory, model):
    with open_house(tmp_path_factory.mktemp("desk-day") / "var", model, now=OPEN) as house:
        yield house


@pytest.fixture
def browsers(chromium, house):
    with visiting(chromium, house) as browsers:
        yield browsers


def reply(page, text: str) -> None:
    page.get_by_label("回复客户").fill(text)
    page.get_by_label("回复客户").press("Enter")


def in_conversation(browsers, complaint: str):
    """A customer who has called a person, and 小王, who has taken them."""
    customer, agent = browsers.customer(), browsers.staff("wang")
    customer.say(complaint)
    customer.call_a_person()
    expect(customer.page.locator("tingsu-chat .notice.state")).to_be_visible()
    open_chat(agent, customer, "排队")
    agent.keyboard.press("t")
    expect(conversation_state(agent)).to_have_text("接待中")
    return customer, agent


def test_from_asking_for_a_person_to_the_stars(browsers, house, tmp_path):
    house.says("earlier-one", STORY)
    house.says("earlier-one", "转人工")                       # as grave, and earlier
    customer, agent, boss = browsers.customer(), browsers.staff("wang"), browsers.staff("zhao")

    customer.say(STORY)
    customer.say("就这些，没别的了")
    customer.call_a_person()
    state = customer.page.locator("tingsu-chat .notice.state")
    expect(state).to_contain_text("排在第 2 位")
    look(customer.page, "three-customer-queued", SHOTS)

    open_chat(agent, customer, "排队")
    expect(agent.locator("desk-packet")).to_contain_text("洗衣机")
    agent.locator("desk-packet button.quote", has_text="才用三天就漏水").first.click()
    expect(agent.locator(".msg.flash")).to_contain_text("才用三天就漏水")
    agent.locator("desk-packet").press("t")
    expect(conversation_state(agent)).to_have_text("接待中")
    expect(customer.chat).to_contain_text("小王")
    expect(state).to_be_hidden()

    # Both ways, with typing, a note that the customer never sees, a photo in each direction.
    agent.get_by_label("回复客户").press_sequentially("您好", delay=30)
    expect(customer.page.locator("tingsu-chat .typing")).to_have_count(1)
    reply(agent, "您好，我是小王，洗衣机漏水的事我看到了，先向您道歉。")
    expect(customer.chat).to_contain_text("洗衣机漏水的事我看到了")
    expect(agent.locator(".line-staff .delivery")).to_have_text("已发出")
    customer.box.press_sequentially("好", delay=30)
    expect(agent.locator(".activity")).to_have_text("客户正在输入…")
    quiet = customer.page.locator("tingsu-chat .message").count()
    customer.send("好的，你们什么时候能上门？")
    expect(agent.locator("desk-conversation .log")).to_contain_text("什么时候能上门")
    agent.keyboard.press("Escape")
    agent.keyboard.press("n")
    agent.keyboard.type("门封圈批次待查")
    agent.keyboard.press("Enter")
    expect(agent.locator(".line-note")).to_contain_text("门封圈批次待查")
    photo = tmp_path / "leak.png"
    photo.write_bytes(PHOTO)
    agent.get_by_role("button", name="回复", exact=False).first.click()
    agent.locator("desk-composer input[type=file]").set_input_files(photo)
    expect(agent.locator(".tray img")).to_be_visible()
    reply(agent, "这是门封圈的位置，请您看看是不是这里漏")
    expect(customer.page.locator("tingsu-chat .message.human img")).to_have_count(1)
    customer.page.locator("tingsu-chat input[type=file]").set_input_files(photo)
    expect(customer.page.locator("tingsu-chat")).to_contain_text("照片已上传")
    customer.send("就是这里")
    expect(agent.locator(".line-customer .attachment img")).to_have_count(1)
    agent.locator(".line-customer .attachment").click()
    expect(agent.get_by_role("dialog")).to_be_visible()
    look(agent, "three-agent-photo", SHOTS)
    agent.keyboard.press("Escape")
    assert "门封圈批次待查" not in customer.read()
    assert customer.page.locator("tingsu-chat .message").count() == quiet + 3, "the bot is silent while a person speaks"
    look(agent, "three-agent-chat", SHOTS)

    # The supervisor watches unseen, joins, takes over; the agent can no longer speak.
    open_chat(boss, customer)
    expect(boss.locator("desk-conversation .log")).to_contain_text("什么时候能上门")
    expect(boss.get_by_label("回复客户")).not_to_be_editable()
    reply(agent, "我查一下师傅的时间")
    expect(boss.locator("desk-conversation .log")).to_contain_text("师傅的时间")
    assert "赵主管" not in customer.read()
    boss.get_by_role("button", name="加入").click()
    expect(customer.chat).to_contain_text("赵主管")
    reply(boss, "我是赵主管，这件事我一起跟进")
    expect(agent.locator("desk-conversation .log")).to_contain_text("我一起跟进")
    boss.get_by_role("button", name="接管").click()
    boss.get_by_role("dialog").get_by_role("button", name="接管").click()
    expect(agent.get_by_label("回复客户")).not_to_be_editable()
    look(boss, "three-boss", SHOTS)

    # The ticket is settled step by step, only by the moves that its life allows.
    boss.locator("desk-packet").get_by_role("link", name=re.compile("^C26")).first.click()
    moves = boss.get_by_role("group", name="可以做的操作")
    for move, status in (("受理", "已受理"), ("开始调查", "调查中")):
        moves.get_by_role("button", name=move).click()
        boss.get_by_role("dialog").get_by_role("button", name=move).click()
        expect(boss.locator(".ticket-head")).to_contain_text(status)
    moves.get_by_role("button", name="提出方案").click()
    boss.get_by_role("dialog").get_by_role("checkbox").first.check()
    boss.get_by_role("dialog").get_by_role("button", name="提出方案").click()
    expect(boss.locator(".ticket-head")).to_contain_text("已给出方案")
    look(boss, "three-ticket", SHOTS)
    boss.get_by_role("link", name="打开会话").click()
    boss.wait_for_selector("desk-packet .panel")

    # Wrapped up: the bot resumes and asks for the stars, once.
    boss.get_by_role("button", name="结束").click()
    boss.get_by_label("教训").fill("门封圈批次要排查")
    boss.get_by_role("button", name="结束会话").click()
    expect(conversation_state(boss)).to_have_text("已结束")
    expect(customer.page.locator("tingsu-chat .stars")).to_have_count(1)
    look(customer.page, "three-customer-stars", SHOTS)
    customer.page.get_by_role("button", name=re.compile("^5 星")).click()
    expect(customer.page.locator("tingsu-chat .stars")).to_have_count(0)
    customer.say("谢谢")
    asked = [m for m in house.about(customer.id)["messages"] if (m.get("metadata") or {}).get("asks") == "rating"]
    assert len(asked) == 1, "the survey is asked once"
    assert customer.page.locator("tingsu-chat header .badge").inner_text() == "机器人"


def test_whoever_waits_moves_up_when_the_one_before_is_taken(browsers, house):
    house.says("before-them", "转人工")
    customer, agent = browsers.customer(), browsers.staff("li")
    customer.say("会员自动续费没有提醒我")
    customer.call_a_person()
    state = customer.page.locator("tingsu-chat .notice.state")
    expect(state).to_contain_text(re.compile("第 [2-9] 位"))
    place = int(re.search(r"第 (\d) 位", state.inner_text())[1])
    agent.get_by_role("group", name="收件箱").get_by_role("button", name=re.compile("^排队")).click()
    agent.locator("desk-inbox .row").first.click()
    agent.wait_for_selector("desk-packet .panel")
    agent.keyboard.press("t")
    expect(conversation_state(agent)).to_have_text("接待中")
    expect(state).to_contain_text("马上就到您" if place == 2 else f"第 {place - 1} 位")


def test_handed_back_the_bot_goes_on_without_asking_again(browsers, house):
    customer, agent = in_conversation(browsers, "快递显示签收了我根本没拿到，订单号2026112000123456")
    reply(agent, "我已经联系了快递站点，他们今天会回电")
    expect(customer.chat).to_contain_text("他们今天会回电")
    agent.locator("desk-packet").press("e")
    agent.get_by_label("给机器人的交代").fill("客户愿意等到今晚，请继续收集联系方式")
    agent.get_by_role("button", name="交还", exact=True).click()
    expect(conversation_state(agent)).to_have_text("已交还机器人")
    expect(agent.locator(".instruction")).to_contain_text("愿意等到今晚")
    expect(customer.page.locator("tingsu-chat header .badge")).to_have_text("机器人")
    before = customer.read()
    customer.say("好的，那你们接着办吧")
    told = customer.read()[len(before):]
    assert "订单号" not in told, "what was said is not asked again"


def test_a_broken_line_costs_neither_a_message_nor_a_draft(browsers, house):
    customer, agent = in_conversation(browsers, "会员自动续费没有提醒我")
    agent.context.set_offline(True)
    expect(agent.locator(".offline")).to_be_visible()
    look(agent, "three-offline", SHOTS)
    reply(agent, "断网时写的第一句")
    expect(agent.locator(".outbox")).to_contain_text("发送中")
    agent.get_by_label("回复客户").fill("写到一半的第二句")
    customer.send("还在吗？")
    customer.send("我等着呢")
    agent.get_by_role("link", name="工单").click()
    agent.context.set_offline(False)
    expect(customer.chat).to_contain_text("断网时写的第一句")
    agent.get_by_role("link", name=re.compile("^会话")).click()
    open_chat(agent, customer, "我的")
    expect(agent.locator("desk-conversation .log")).to_contain_text("我等着呢")
    expect(agent.locator(".offline")).to_be_hidden()
    expect(agent.get_by_label("回复客户")).to_have_value("写到一半的第二句")
    customer.send("现在呢")
    expect(agent.locator("desk-conversation .log")).to_contain_text("现在呢")
    lines = [m["text"] for m in house.transcript(customer.id) if m["actor"] == "staff"]
    assert lines == ["断网时写的第一句"], "sent once, and only once"
    shown = agent.locator(".line-customer .words").all_inner_texts()
    assert [t for t in shown if t in ("还在吗？", "我等着呢", "现在呢")] == ["还在吗？", "我等着呢", "现在呢"]


def test_at_night_the_customer_is_told_when_and_finds_the_case_kept(tmp_path_factory, model, chromium):
    with open_house(tmp_path_factory.mktemp("desk-night") / "var", model, now=NIGHT) as house, visiting(chromium, house) as browsers:
        customer = browsers.customer((390, 800))
        customer.say("冰箱说好周六送到，已经晚了四天")
        customer.call_a_person()
        expect(customer.chat).to_contain_text(re.compile("明天|9点|9:00|上班"))
        look(customer.page, "three-night-customer", SHOTS)
        told = " ".join(m["text"] for m in house.transcript(customer.id))
        number = re.search(r"C\d{6}[0-9A-Z]{5}", told + str(house.about(customer.id)["ticket"]))
        assert number, "off hours end in a case"
        agent = browsers.staff("wang")
        open_chat(agent, customer, "排队")
        expect(agent.locator("desk-packet")).to_contain_text(number[0])
        look(agent, "three-night-agent", SHOTS)


@pytest.mark.slow
def test_when_the_agents_browser_dies_the_customer_is_back_in_the_queue_within_the_limit(tmp_path_factory, model, chromium):
    """The clock runs: 60 s unseen, then the timer's next look."""
    with open_house(tmp_path_factory.mktemp("desk-clock") / "var", model, now=None) as house, visiting(chromium, house) as browsers:
        customer, agent = in_conversation(browsers, "会员自动续费没有提醒我")
        gone = time.monotonic()
        agent.context.close()
        colleague = browsers.staff("li")
        open_chat(colleague, customer)
        expect(conversation_state(colleague)).to_contain_text("排队中", timeout=80_000)
        assert 55 <= time.monotonic() - gone <= 75
        expect(customer.page.locator("tingsu-chat .notice.state")).to_be_visible()
        colleague.keyboard.press("t")
        expect(conversation_state(colleague)).to_have_text("接待中")
