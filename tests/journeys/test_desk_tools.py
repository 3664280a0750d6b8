"""What lies at an agent's hand beside the conversation: colleagues, macros, photos, hidden data, approvals, alarms."""
from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest

playwright = pytest.importorskip("playwright.sync_api")
if not Path("/usr/bin/chromium").exists():
    pytest.skip("Chromium is not installed", allow_module_level=True)

from bot.desk.tables import audit
from kb_connector.database import reading
from tests.bot.desk.desk_demo import COURIER, PASSWORD, WASHER, Served
from tests.bot.desk.desk_fakes import hire
from tests.journeys.desk_browsers import Browsers, conversation_state

expect = playwright.expect
PHOTO = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082")


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path) as served:
        yield served


@pytest.fixture
def enter(chromium, served):
    class House:
        base = served.address

    browsers = Browsers(chromium, House())

    def enter(name: str, **more):
        page = browsers.page("/desk", **more)
        page.get_by_label("账号").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_selector("desk-shell nav")
        return page
    yield enter
    for context in browsers.contexts:
        context.close()
    assert browsers.errors == []


def open_chat(page, served, conversation=WASHER) -> None:
    page.goto(f"{served.address}/desk#/chat/{quote(conversation, safe='')}")
    page.wait_for_selector("desk-packet .panel")


def taken(page, served, conversation=WASHER):
    open_chat(page, served, conversation)
    page.keyboard.press("t")
    expect(conversation_state(page)).to_have_text("接待中")
    return page


def said_to(served, conversation=WASHER) -> list[str]:
    return [m.text for m in served.desk.transcript.since(conversation) if m.actor == "staff"]


def test_a_question_to_a_colleague_reaches_them_and_their_note_answers_it(enter, served):
    asker, colleague = taken(enter("wang"), served), enter("li")
    asker.keyboard.press("n")
    asker.keyboard.type("@")
    asker.keyboard.type("小李")
    asker.keyboard.press("Enter")
    expect(asker.get_by_label("内部备注", exact=True)).to_have_value("@小李 ")
    asker.keyboard.type("这台机子有召回吗")
    asker.keyboard.press("Enter")
    expect(asker.locator(".line-note")).to_contain_text("请教 小李")
    expect(colleague.locator(".toast")).to_contain_text("小王请教您")
    asked = colleague.locator("desk-consults")
    expect(asked).to_contain_text("这台机子有召回吗")
    asked.get_by_role("link").click()
    colleague.wait_for_selector("desk-packet .panel")
    colleague.get_by_role("button", name="内部备注").click()
    colleague.get_by_label("内部备注", exact=True).fill("有，批次 2411 的门封圈召回")
    colleague.get_by_label("内部备注", exact=True).press("Enter")
    expect(asker.locator("desk-conversation .log")).to_contain_text("批次 2411")
    expect(asker.locator(".toast", has_text="回答了您的请教")).to_be_visible()
    expect(asked.locator("li")).to_have_count(0)
    assert said_to(served) == [], "the customer saw none of it"


def test_a_macro_speaks_and_acts_in_one_step(enter, served):
    page = taken(enter("wang"), served)
    page.keyboard.press("m")
    page.keyboard.type("受理并告知")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text(f"您的投诉 {served.ticket} 我已经受理")
    page.get_by_role("button", name="发送并执行").click()
    expect(page.locator(".line-staff")).to_contain_text("我已经受理")
    expect(page.locator("[data-panel=ticket]")).to_contain_text("已受理")
    assert served.desk.records.tickets.get(served.ticket).status == "acknowledged"


def test_a_lead_writes_a_macro_and_an_agent_uses_it(enter, served):
    boss = taken(enter("zhao"), served)
    boss.keyboard.press("m")
    boss.get_by_role("button", name="新增宏").click()
    boss.get_by_label("名称").fill("请稍等并标记")
    boss.get_by_label("发给客户的话（可不填）").fill("{称呼}您好，请稍等，我是{坐席}。")
    boss.get_by_label("动作").first.select_option("tag")
    boss.get_by_label("内容").first.fill("等回电")
    boss.get_by_role("button", name="保存").click()
    expect(boss.get_by_role("dialog")).to_have_count(0)
    agent = taken(enter("wang"), served, COURIER)
    agent.keyboard.press("m")
    agent.keyboard.type("请稍等并标记")
    agent.keyboard.press("Enter")
    agent.get_by_role("button", name="发送并执行").click()
    expect(agent.locator(".line-staff")).to_contain_text("请稍等，我是小王")
    expect(agent.locator(".tags")).to_contain_text("等回电")


def test_photos_are_chosen_seen_and_sent_with_the_words(enter, served, tmp_path):
    page = taken(enter("wang"), served)
    (tmp_path / "one.png").write_bytes(PHOTO)
    (tmp_path / "two.png").write_bytes(PHOTO)
    (tmp_path / "list.txt").write_text("no picture")
    chooser = page.locator("desk-composer input[type=file]")
    chooser.set_input_files(tmp_path / "list.txt")
    expect(page.locator(".tray .bad")).to_contain_text("JPG、PNG")
    page.locator(".tray").get_by_role("button", name="移除").click()
    chooser.set_input_files([tmp_path / "one.png", tmp_path / "two.png"])
    expect(page.locator(".tray img")).to_have_count(2)
    page.get_by_label("回复客户").fill("请看这两张图")
    page.reload()
    expect(page.locator(".tray img")).to_have_count(2)
    expect(page.get_by_label("回复客户")).to_be_editable()
    page.get_by_label("回复客户").press("Enter")
    expect(page.locator(".line-staff .attachment")).to_have_count(2)
    expect(page.locator(".tray")).to_be_hidden()
    kept = [m for m in served.desk.transcript.since(WASHER) if m.actor == "staff"]
    assert [m.text for m in kept] == ["请看这两张图", ""] and all(m.metadata["attachment"]["id"] for m in kept)
    page.locator(".line-staff .attachment").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("在新窗口打开")


def test_hidden_data_is_shown_with_a_reason_that_the_auditor_reads(enter, served):
    served.customer_says(WASHER, "我的电话13912345678，快点")
    page = taken(enter("wang"), served)
    line = page.locator(".line-customer", has_text="快点")
    expect(line).to_contain_text("139****5678")
    assert "13912345678" not in page.content()
    line.get_by_role("button", name="显示").click()
    page.get_by_label("理由").fill("按客户要求回电")
    page.get_by_role("button", name="查看").click()
    expect(line).to_contain_text("13912345678")
    with reading(served.desk.engine) as db:
        rows = list(db.execute(audit.select()))
    assert [(r.actor, r.event, r.note) for r in rows] == [("wang", "reveal", "按客户要求回电")]
    boss = enter("boss")
    boss.get_by_role("link", name="审计").click()
    expect(boss.locator("desk-audit")).to_contain_text("按客户要求回电")


def test_a_remedy_above_the_limit_waits_on_the_approvals_page(enter, served):
    agent = enter("wang")
    agent.goto(f"{served.address}/desk#/tickets/{served.ticket}")
    agent.get_by_role("group", name="可以做的操作").get_by_role("button", name="提出方案").click()
    agent.get_by_role("dialog").get_by_role("checkbox").first.check()
    agent.get_by_role("dialog").get_by_role("button", name="提出方案").click()
    expect(agent.locator(".ticket-head")).to_contain_text("等待审批")
    agent.get_by_role("link", name="审批").click()
    expect(agent.locator("desk-approvals")).to_contain_text(served.ticket)
    open_chat(agent, served)
    expect(agent.locator("[data-panel=approvals]")).to_contain_text("等待审批")
    boss = enter("boss")
    boss.get_by_role("link", name="审批").click()
    card = boss.get_by_role("region", name=served.ticket)
    expect(card).to_be_visible()
    if card.get_by_role("button", name="不批准").count():
        card.get_by_role("button", name="不批准").click()
        boss.get_by_label("理由").fill("金额依据不足")
        boss.get_by_role("dialog").get_by_role("button", name="不批准").click()
        expect(boss.locator("desk-approvals")).to_contain_text("没有等待审批的方案")
        assert served.desk.records.tickets.get(served.ticket).status == "investigating"
    else:
        expect(card).to_contain_text("这一项不由您决定")


def test_the_platforms_allowance_and_a_message_that_waits_are_seen(enter, served):
    served.outside.allowances["wechat"] = {"left": 1, "until": None, "waiting": 1}
    page = enter("wang")
    open_chat(page, served, COURIER)
    expect(page.locator(".quota")).to_contain_text("平台还可发 1 条，1 条在等")
    open_chat(page, served)
    expect(page.locator(".talk-head h1")).to_contain_text("9a1e")
    expect(page.locator(".quota")).to_have_count(0)


def test_an_alarm_stands_on_every_page_until_somebody_has_it(enter, served):
    page = enter("li")
    page.get_by_role("link", name="知识").click()
    served.desk.hub.deliver("desk", {"type": "ring", "id": 1, "conversation": COURIER, "severity": "L4", "reason": "risk", "ticket": None, "at": ""})
    alarm = page.locator("desk-ringing")
    expect(alarm).to_contain_text("L4 级紧急求助")
    alarm.get_by_role("link", name="马上去接").click()
    page.wait_for_selector("desk-packet .panel")
    page.keyboard.press("t")
    expect(conversation_state(page)).to_have_text("接待中")
    expect(alarm.locator(".alarm")).to_have_count(0)


def test_what_could_not_be_sent_goes_out_after_a_reload(enter, served):
    page = taken(enter("wang"), served)
    page.route("**/api/v1/desk/message", lambda route: route.abort())
    page.get_by_label("回复客户").fill("断网也要送到的一句")
    page.get_by_label("回复客户").press("Enter")
    expect(page.locator(".outbox")).to_contain_text("发送中")
    assert said_to(served) == []
    page.unroute("**/api/v1/desk/message")
    page.reload()
    expect(page.locator(".line-staff")).to_contain_text("断网也要送到的一句")
    expect(page.locator(".outbox li")).to_have_count(0)
    assert said_to(served) == ["断网也要送到的一句"]


def test_drafts_belong_to_whoever_wrote_them(enter, served):
    page = taken(enter("wang"), served)
    page.get_by_label("回复客户").fill("只有我看得到的草稿")
    page.get_by_role("button", name="退出").click()
    page.get_by_label("账号").fill("zhao")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_selector("desk-composer textarea")
    expect(page.get_by_label("回复客户")).to_have_value("")


def test_customers_typing_and_the_readers_place_are_not_disturbed(enter, served):
    page = taken(enter("wang"), served)
    served.desk.hub.deliver("desk", {"type": "typing", "conversation": WASHER, "actor": "customer"})
    expect(page.locator(".activity")).to_have_text("客户正在输入…")
    served.desk.hub.deliver("desk", {"type": "typing", "conversation": COURIER, "actor": "customer"})
    page.evaluate("document.querySelector('.line-customer').dataset.mark = 'same element'")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.line-customer .words'))")
    served.customer_says(WASHER, "还在吗")
    expect(page.locator("desk-conversation .log")).to_contain_text("还在吗")
    page.wait_for_timeout(1200)
    assert page.locator(".line-customer").first.get_attribute("data-mark") == "same element"
    assert "洗衣机" in page.evaluate("getSelection().toString()")


def test_search_and_a_link_to_the_very_sentence(enter, served):
    page = enter("wang")
    page.get_by_label("查找会话").fill("快递")
    expect(page.locator("desk-inbox .row")).to_have_count(1)
    page.goto(f"{served.address}/desk#/tickets/{served.ticket}")
    page.locator("a.quote", has_text="闻到糊味").first.click()
    expect(page.locator(".msg.flash")).to_contain_text("闻到糊味")


def test_the_companys_own_sign_in_is_offered_where_there_is_one(chromium, served):
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.route(re.compile(r"/api/v1/desk/oidc$"), lambda route: route.fulfill(json={"enabled": True, "name": "企业账号", "start": "/api/v1/desk/oidc/login"}))
    page.goto(f"{served.address}/desk?sign_in=no_role")
    expect(page.get_by_role("link", name="用企业账号登录")).to_have_attribute("href", "/api/v1/desk/oidc/login")
    expect(page.get_by_role("alert")).to_contain_text("还没有工作台权限")
    assert "sign_in" not in page.url
    context.close()


def test_a_long_conversation_stays_whole_and_in_order(enter, served):
    page = taken(enter("wang"), served)
    wanted = [f"第 {n} 句" for n in range(1, 61)]
    for n, text in enumerate(wanted):
        if n == 20:
            page.context.set_offline(True)
        served.customer_says(WASHER, text)
    page.context.set_offline(False)
    expect(page.locator("desk-conversation .log")).to_contain_text("第 60 句")
    expect(page.locator(".offline")).to_be_hidden()
    page.wait_for_function("() => document.querySelectorAll('.line-customer').length >= 63")
    assert page.locator(".line-customer .words").all_inner_texts()[-60:] == wanted


def test_an_auditor_reads_and_touches_nothing(enter, served):
    hire(served.desk, "shen", "auditor", display="沈审计", password=PASSWORD)
    page = enter("shen")
    expect(page.get_by_role("link", name="审计")).to_be_visible()
    open_chat(page, served)
    expect(page.locator("desk-conversation .log")).to_contain_text("我闻到糊味")
    expect(page.get_by_label("回复客户")).not_to_be_editable()
    page.keyboard.press("t")
    page.get_by_role("button", name="内部备注").click()
    expect(page.get_by_label("内部备注", exact=True)).not_to_be_editable()
    for name in ("接待", "显示", "＋ 标签", "转交"):
        expect(page.get_by_role("main").get_by_role("button", name=name)).to_have_count(0)
    assert served.desk.handovers.get(WASHER).state == "queued"
