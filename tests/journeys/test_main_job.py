"""The main job, as two people live it: a customer complains at the shop, a person at the desk takes over and hands back.

Real server, real model, two browsers. The pictures it takes are the README's.
"""
from __future__ import annotations

import os
import re
from pathlib import Path

import httpx
import pytest

playwright = pytest.importorskip("playwright.sync_api")
if not Path("/usr/bin/chromium").exists():
    pytest.skip("Chromium is not installed", allow_module_level=True)

expect = playwright.expect
PICTURES = Path(__file__).parent / "pictures"
NEW_PASSWORD = "a-desk-of-ones-own-1"
STORY = "上周六在你们万达店买的洗衣机，四百六，才用三天就漏水，打客服电话那女的爱答不理的，气死我了！"


@pytest.fixture
def open_page(chromium, server):
    """Pages of different people; a script error on any of them fails the test."""
    contexts, errors = [], []

    def opened(path: str, size: tuple[int, int] = (1280, 860)):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.base + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def picture(page, name: str) -> None:
    """Kept for the README when asked for (TINGSU_PICTURES=1), so that test runs leave the tree clean."""
    if os.environ.get("TINGSU_PICTURES"):
        PICTURES.mkdir(exist_ok=True)
        page.wait_for_timeout(400)
        page.screenshot(path=PICTURES / f"{name}.png")


def say(page, text: str) -> None:
    """Send and wait until the assistant has answered."""
    before = page.locator("tingsu-chat .message").count()
    box = page.get_by_role("textbox", name="请输入您想说的话")
    box.fill(text)
    box.press("Enter")
    page.wait_for_function("n => document.querySelector('tingsu-chat').shadowRoot.querySelectorAll('.message').length >= n + 2", arg=before)
    expect(page.locator("tingsu-chat .typing")).to_have_count(0)


def read(page) -> str:
    return "\n".join(page.locator("tingsu-chat .message .bubble").all_inner_texts())


def answer_until(page, what: str, answers: dict[str, str], most: int = 8) -> None:
    """Answer what is asked, by the words of the question, until `what` is to be read."""
    for _ in range(most):
        if what in read(page).replace("\n", ""):
            return
        last = page.locator("tingsu-chat .message").last.inner_text()
        say(page, next((reply for words, reply in answers.items() if re.search(words, last)), "不清楚"))
    raise AssertionError(f"{what} never came:\n{read(page)}")


def conversation_of(page) -> str:
    """The id that the server gave this browser."""
    return page.evaluate("Object.values(localStorage).map(v => /web-[\\w-]+/.exec(v)).find(Boolean)[0]")


def sign_in(page, server) -> None:
    password = re.search(r"admin / (\S+)", server.log)
    assert password, "the server prints the one-time password"
    page.get_by_label("账号").fill("admin")
    page.get_by_label("密码").fill(password[1])
    page.get_by_role("button", name="登录").click()
    page.get_by_label("新密码").fill(NEW_PASSWORD)
    page.get_by_label("再输入一次").fill(NEW_PASSWORD)
    page.get_by_role("button", name="保存并进入").click()


def test_from_the_first_angry_word_to_the_desk_and_back(open_page, server):
    customer = open_page("/")
    picture(customer, "shop")
    customer.get_by_role("button", name="我要投诉 / 联系客服").click()
    say(customer, STORY)
    first = read(customer)
    assert "机器人" in first and "转人工" in first and re.search("抱歉|对不起|不好意思", first)
    say(customer, "就这些，没别的了")
    answer_until(customer, "您的诉求：", {"订单": "没有订单号", "同款|哪一种规格|型号": "同款就行", "同意": "同意", "手机号|联系电话|打哪个": "13800001234", "怎么|希望|诉求|结果|想要": "换台新的，再给我道个歉", "手机|电话": "13800001234"})
    summary = read(customer)
    assert "洗衣机" in summary and "万达店" in summary and "460元" in summary and "138****1234" in summary
    say(customer, "不对，是上周五")
    assert "11月20日" in read(customer)
    say(customer, "七天无理由怎么算")
    assert "消费者权益保护法" in read(customer), "answered from the knowledge base, with its source"
    assert "您的诉求" in customer.locator("tingsu-chat .message").last.inner_text(), "and back to the read-back"
    picture(customer, "widget-confirm")
    say(customer, "对，都对")
    number = re.search(r"C\d{6}[0-9A-Z]{5}", read(customer))
    assert number, "a ticket number"
    assert customer.locator("tingsu-chat .card").count() >= 3, "at least three remedy options"
    picture(customer, "widget-filed")
    customer.locator("tingsu-chat .card").first.click()
    expect(customer.locator("tingsu-chat .card")).to_have_count(0)

    customer.get_by_role("button", name="转人工").first.click()
    expect(customer.locator("tingsu-chat .message").last).to_contain_text(re.compile("同事|人工|排"))

    agent = open_page("/desk", (1440, 900))
    sign_in(agent, server)
    agent.get_by_role("button", name=re.compile("^排队")).click()
    agent.locator("desk-inbox .row", has_text=f"客户 {re.sub(r'[^0-9A-Za-z]', '', conversation_of(customer))[-4:]}").click()
    agent.wait_for_selector("desk-packet .panel")
    expect(agent.locator("desk-packet")).to_contain_text("洗衣机")
    agent.keyboard.press("t")
    expect(agent.locator(".talk-head .state")).to_have_text("接待中")
    agent.get_by_label("回复客户").fill("您好，我是客服小王，洗衣机漏水的事我看到了，先向您道歉。")
    agent.get_by_label("回复客户").press("Enter")
    expect(customer.locator("tingsu-chat")).to_contain_text("我是客服小王")
    expect(customer.locator("tingsu-chat .message.human .badge").first).to_have_text("人工")
    quiet = customer.locator("tingsu-chat .message").count()
    box = customer.get_by_role("textbox", name="请输入您想说的话")
    box.fill("好的，你们什么时候能上门？")
    box.press("Enter")
    expect(agent.locator("desk-conversation .log")).to_contain_text("什么时候能上门")
    customer.wait_for_timeout(1500)
    assert customer.locator("tingsu-chat .message").count() == quiet + 1, "the bot is silent while a person speaks"
    picture(agent, "desk")
    agent.get_by_role("button", name=re.compile("交还|还给机器人|交回")).first.click()
    hand_back = agent.get_by_role("dialog")
    if hand_back.count():
        hand_back.get_by_role("button", name=re.compile("交还|交回|确定")).last.click()
    expect(customer.locator("tingsu-chat header .badge")).to_have_text("机器人")

    ticket = httpx.get(f"{server.base}/api/v1/tickets/{number[0]}", headers={"Authorization": "Bearer token-of-the-tests"}).json()
    assert ticket["facts"]["when"]["value"].startswith("2026-11-20")
    assert {"更换", "道歉"} <= set(ticket["demand"])
    assert ticket["remedy"]["status"] != "approved", "the bot approves nothing"


def test_the_widget_on_a_phone(open_page):
    customer = open_page("/", (390, 844))
    customer.get_by_role("button", name="我要投诉 / 联系客服").click()
    say(customer, "快递显示签收了我根本没拿到，老人等着吃药呢")
    picture(customer, "phone")
    width = customer.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing sticks out of a phone's screen"
