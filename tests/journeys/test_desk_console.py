"""The staff console in a real browser: an agent, a colleague, a supervisor, and a customer played over the wire."""
from __future__ import annotations

from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
if not Path("/usr/bin/chromium").exists():
    pytest.skip("Chromium is not installed", allow_module_level=True)

from tests.bot.desk.desk_demo import COURIER, GREETING, PASSWORD, WASHER, Served


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path) as served:
        yield served


@pytest.fixture
def enter(chromium, served):
    """A signed-in page; a script error on it fails the test."""
    opened = []

    def enter(name, size=(1280, 800)):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai")
        page, errors = context.new_page(), []
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        opened.append((context, errors))
        page.goto(f"{served.address}/desk")
        page.get_by_label("账号").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_selector("desk-inbox .row")
        return page
    yield enter
    for context, errors in opened:
        context.close()
        assert errors == []


def open_first(page):
    page.locator("desk-inbox .row").first.click()
    page.wait_for_selector("desk-packet .panel")


def write(page, text):
    page.get_by_label("回复客户").fill(text)
    page.get_by_label("回复客户").press("Enter")


def says(page, text):
    playwright.expect(page.locator("desk-conversation .log")).to_contain_text(text)


def state(page, text):
    playwright.expect(page.locator(".talk-head .state")).to_have_text(text)


def test_from_the_queue_to_the_end_by_keyboard(enter, served):
    page = enter("wang")
    page.keyboard.press("j")
    page.wait_for_selector("desk-packet .panel")
    page.keyboard.press("t")
    state(page, "接待中")
    page.keyboard.press("r")
    page.keyboard.type("林女士您好，我先向您道歉。现在还有焦糊味吗？")
    page.keyboard.press("Enter")
    says(page, "现在还有焦糊味吗")
    served.customer_says(WASHER, "味道散了，你们什么时候来？")
    says(page, "味道散了")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("已请产品安全部今天上门")
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".line-note")).to_contain_text("今天上门")
    page.get_by_role("button", name="结束").click()
    page.get_by_label("教训").fill("门封圈批次要排查")
    page.get_by_role("button", name="结束会话").click()
    state(page, "已结束")
    assert [m.text for m in served.desk.transcript.since(WASHER) if m.actor == "staff"] == ["林女士您好，我先向您道歉。现在还有焦糊味吗？"]
    assert served.outside.written_back[0][:2] == (WASHER, "staff")


def test_a_fact_leads_to_the_customers_sentence(enter):
    page = enter("wang")
    open_first(page)
    page.locator("desk-packet").get_by_role("button", name="闻到糊味", exact=False).first.click()
    playwright.expect(page.locator(".msg.flash")).to_contain_text("我闻到糊味")


def test_the_agents_browser_dies_and_the_customer_is_back_in_the_queue(enter, served):
    page = enter("wang")
    open_first(page)
    page.keyboard.press("t")
    state(page, "接待中")
    colleague = enter("li")
    page.context.close()
    from sqlalchemy import update

    from bot.desk.tables import handovers, presence
    with served.desk.engine.begin() as db:
        db.execute(update(presence).where(presence.c.agent == "wang").values(seen_at="2020-01-01T00:00:00+08:00"))
        db.execute(update(handovers).where(handovers.c.conversation == WASHER).values(since="2020-01-01T00:00:00+08:00"))
    assert [m.handover.conversation for m in served.desk.handovers.expire()] == [WASHER]
    colleague.get_by_role("button", name="排队").click()
    open_first(colleague)
    state(colleague, "排队中，第 1 位")


def test_a_supervisor_watches_joins_and_takes_over(enter):
    agent = enter("wang")
    open_first(agent)
    agent.keyboard.press("t")
    state(agent, "接待中")
    boss = enter("zhao")
    boss.get_by_role("button", name="全部", exact=True).click()
    boss.locator("desk-inbox .row", has_text="9a1e").click()
    state(boss, "接待中")
    write(agent, "我来为您处理")
    says(boss, "我来为您处理")
    boss.get_by_role("button", name="加入").click()
    playwright.expect(boss.get_by_label("回复客户")).to_be_editable()
    write(boss, "我是主管，这件事我一起跟")
    says(agent, "这件事我一起跟")
    boss.get_by_role("button", name="接管").click()
    boss.locator("dialog").get_by_role("button", name="接管").click()
    playwright.expect(agent.get_by_label("回复客户")).not_to_be_editable()


def test_a_message_written_under_the_old_owner_is_refused_and_not_lost(enter, served):
    agent = enter("wang")
    open_first(agent)
    agent.keyboard.press("t")
    state(agent, "接待中")
    served.desk.handovers.take(WASHER, served.desk.access.accounts.get("zhao"))
    write(agent, "我已经安排好了")
    playwright.expect(agent.locator(".outbox")).to_contain_text("这条消息没有发出")
    agent.get_by_role("button", name="取回").click()
    playwright.expect(agent.get_by_label("回复客户")).to_have_value("我已经安排好了")
    assert all(m.actor != "staff" for m in served.desk.transcript.since(WASHER))


def test_a_hurting_sentence_is_not_sent_and_a_doubtful_one_asks_twice(enter, served):
    page = enter("wang")
    open_first(page)
    page.keyboard.press("t")
    state(page, "接待中")
    write(page, "你懂不懂最基本的技巧")
    playwright.expect(page.locator(".tone .block").first).to_contain_text("不能发送")
    write(page, "您怎么不早说")
    playwright.expect(page.locator(".tone .warn").first).to_be_visible()
    assert all(m.actor != "staff" for m in served.desk.transcript.since(WASHER))
    page.wait_for_timeout(300)
    page.get_by_label("回复客户").press("Enter")
    says(page, "您怎么不早说")


def test_the_draft_outlives_a_reload(enter):
    page = enter("wang")
    open_first(page)
    page.keyboard.press("t")
    state(page, "接待中")
    page.get_by_label("回复客户").fill("写到一半")
    page.reload()
    playwright.expect(page.get_by_label("回复客户")).to_have_value("写到一半")


def test_what_was_said_while_offline_is_there_afterwards(enter, served):
    page = enter("wang")
    open_first(page)
    page.keyboard.press("t")
    state(page, "接待中")
    page.context.set_offline(True)
    page.get_by_label("回复客户").fill("网络断了也要发到")
    page.get_by_label("回复客户").press("Enter")
    served.customer_says(WASHER, "还在吗？")
    page.wait_for_timeout(1000)
    page.context.set_offline(False)
    says(page, "网络断了也要发到")
    page.reload()
    says(page, "还在吗")
    assert [m.text for m in served.desk.transcript.since(WASHER) if m.actor == "staff"] == ["网络断了也要发到"]


def test_handing_back_tells_the_bot_what_to_do(enter, served):
    page = enter("wang")
    open_first(page)
    page.keyboard.press("t")
    state(page, "接待中")
    page.get_by_role("button", name="交还机器人").click()
    page.get_by_label("给机器人的交代").fill("继续收集上门时间")
    page.get_by_role("button", name="交还", exact=True).click()
    state(page, "已交还机器人")
    assert served.desk.handovers.get(WASHER).instruction == "继续收集上门时间"
    assert served.desk.handovers.current(WASHER).owner == "bot"


def test_markup_in_a_message_is_only_text(enter, served):
    served.customer_says(GREETING, "<img src=x onerror=\"document.title='hacked'\"><b>粗</b>")
    page = enter("zhao")
    page.get_by_role("button", name="全部", exact=True).click()
    page.locator("desk-inbox .row", has_text="04ef").click()
    says(page, "<b>粗</b>")
    assert "hacked" not in page.title()
    assert page.locator(".log img").count() == 0


def test_a_ticket_shows_only_the_moves_that_its_life_allows(enter, served):
    page = enter("wang")
    page.goto(f"{served.address}/desk#/tickets/{served.ticket}")
    moves = page.get_by_role("group", name="可以做的操作")
    playwright.expect(moves).to_contain_text("受理")
    playwright.expect(moves).not_to_contain_text("办结")
    moves.get_by_role("button", name="受理").click()
    page.locator("dialog").get_by_role("button", name="受理").click()
    playwright.expect(page.locator(".ticket-head")).to_contain_text("已受理")
    moves.get_by_role("button", name="请客户补充").click()
    page.locator("dialog").get_by_role("button", name="请客户补充").click()
    playwright.expect(page.locator(".problem")).to_contain_text("要问客户的问题")
    page.locator("dialog").get_by_role("button", name="取消").click()
    moves.get_by_role("button", name="提出方案").click()
    page.locator("dialog").get_by_role("checkbox").first.check()
    page.locator("dialog").get_by_role("button", name="提出方案").click()
    playwright.expect(page.locator(".ticket-head")).to_contain_text("等待审批")
    assert served.desk.records.tickets.get(served.ticket).owner == "wang"


def test_the_phone_shows_one_pane_at_a_time(enter):
    page = enter("wang", (390, 800))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("desk-inbox .row").first.click()
    playwright.expect(page.locator("desk-conversation .log")).to_be_visible()
    playwright.expect(page.locator("desk-packet")).to_be_hidden()
    page.get_by_role("button", name="资料").click()
    playwright.expect(page.locator("desk-packet")).to_contain_text("存在安全隐患")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_new_caller_is_counted_in_the_title(enter, served):
    page = enter("wang")
    playwright.expect(page).to_have_title("(2) 听诉 · 工作台")
    served.desk.handovers.request(GREETING, channel="web", reason="asked for a person", severity="L1", ticket=None)
    served.desk.hub.deliver("desk", {"type": "queue"})
    playwright.expect(page).to_have_title("(3) 听诉 · 工作台")
    playwright.expect(page.locator(".toast")).to_contain_text("有客户请求人工")


def test_an_odd_conversation_id_opens_by_its_address(enter, served):
    page = enter("wang")
    odd = "微信:o/x?y=1&z#%20"
    served.desk.transcript.accept(odd, "wechat", "我要投诉")
    from urllib.parse import quote
    page.goto(f"{served.address}/desk#/chat/{quote(odd, safe='')}")
    says(page, "我要投诉")
    assert served.desk.handovers.get(COURIER).state == "queued"
