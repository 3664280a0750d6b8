"""Three chat widgets that others wrote for Rasa, unchanged from npm, in Chromium against the real server with the real model."""
from __future__ import annotations

import json
import mimetypes
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bot.commands.test import _chromium
from tests.conftest import Server
from tests.journeys.npm_clients import clients

CHROMIUM = _chromium()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=os.environ.get("TINGSU_TEST_NO_CHROMIUM") or "no Chromium on this machine")
COMPLAINT = "上周六在你们万达店买的洗衣机，才用三天就漏水，气死我了！"
SORRY = re.compile("抱歉|对不起|道歉|歉意|不好意思|委屈")

WEBCHAT = """<script src="/npm/rasa-webchat/lib/index.js"></script>
<script>WebChat.default({socketUrl: location.origin, socketPath: "/socket.io/", embedded: true, customData: {language: "zh", order: "TS20260222"},
                         customMessageDelay: () => 0, params: {storage: "local"}}, null)</script>"""
CHATROOM = """<link rel="stylesheet" href="/npm/chatroom/dist/Chatroom.css"><div class="chat-container"></div><script src="/npm/chatroom/dist/Chatroom.js"></script>
<script>window.chatroom = new Chatroom({host: location.origin, container: document.querySelector(".chat-container"), welcomeMessage: "", waitingTimeout: 0}); chatroom.openChat()</script>"""
DEEP_CHAT = """<script type="module" src="/npm/deep-chat/dist/deepChat.bundle.js"></script>
<deep-chat style="width: 400px; height: 500px" connect='{"url": "/webhooks/rest/webhook"}'></deep-chat>
<script type="module">
  const sender = crypto.randomUUID(), chat = document.querySelector("deep-chat");
  chat.requestInterceptor = (request) => ({...request, body: {sender, message: request.body.messages.at(-1).text}});
  chat.responseInterceptor = (replies) => replies.flatMap(({text, buttons = []}) => [{text}, ...(buttons.length ? [{html: buttons.map(({title}) => {
    const button = document.createElement("button");
    button.className = "deep-chat-button deep-chat-suggestion-button";
    button.textContent = title;
    return button.outerHTML; }).join("")}] : [])]);
</script>"""


@pytest.fixture(scope="module")
def npm() -> Path:
    return clients()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(npm: Path, browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """A page of our own origin with a client on it, opened by somebody new; `remembers` is what their browser kept."""
    contexts, errors = [], []

    def visited(page_body: str, remembers: dict[str, Any] | None = None) -> Page:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        for name, value in (remembers or {}).items():
            context.add_init_script(f"if (origin !== 'null') localStorage.getItem({name!r}) ?? localStorage.setItem({name!r}, {json.dumps(json.dumps(value))})")
        context.route("**/npm/**", lambda route: from_npm(npm, route))
        context.route("**/client.html", lambda route: route.fulfill(body=f"<!doctype html><meta charset=utf-8><body>{page_body}", content_type="text/html"))
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{server.base}/client.html")
        return page

    yield visited
    for context in contexts:
        context.close()
    assert errors == []


def from_npm(npm: Path, route: Route) -> None:
    name, path = re.search(r"/npm/([\w-]+)/(.+)", route.request.url).groups()
    file = Path(npm, name, "package", path)
    route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])


def shown(what: Locator) -> None:
    """Patient: the machine may be busy with other tests."""
    expect(what).to_be_visible(timeout=30_000)


# ---- rasa-webchat over Socket.IO


def webchat(visit: Callable[..., Page], session: str | None = None) -> Page:
    page = visit(WEBCHAT, {"chat_session": {"session_id": session, "conversation": [], "params": {}}} if session else None)
    shown(page.locator("textarea.rw-new-message"))
    page.wait_for_function("localStorage.getItem('chat_session')?.includes('session_id')")
    return page


def webchat_says(page: Page, text: str) -> None:
    page.locator("textarea.rw-new-message").fill(text)
    page.locator("button.rw-send").click()


def webchat_session(page: Page) -> str:
    return page.evaluate("JSON.parse(localStorage.getItem('chat_session')).session_id")


def test_rasa_webchat_a_complaint_is_answered_and_a_button_is_clicked(visit):
    page = webchat(visit)
    webchat_says(page, COMPLAINT)
    answers = page.locator(".rw-response .rw-message-text")
    shown(answers.filter(has_text=SORRY).first)
    page.locator(".rw-reply", has_text="转人工").click()
    shown(answers.filter(has_text=re.compile("人工|同事|专员")).last)
    expect(page.locator(".rw-client")).to_have_count(2, timeout=30_000)


def test_rasa_webchat_a_reload_keeps_the_session_and_says_nothing_twice(visit):
    page = webchat(visit)
    webchat_says(page, COMPLAINT)
    bubbles = page.locator(".rw-response .rw-message-text")
    shown(bubbles.filter(has_text=SORRY).first)
    expect(page.locator(".rw-reply")).not_to_have_count(0, timeout=30_000)
    session, said = webchat_session(page), bubbles.all_inner_texts()
    page.reload()
    shown(bubbles.filter(has_text=SORRY).first)
    webchat_says(page, "转人工")
    shown(bubbles.filter(has_text=re.compile("人工|同事|专员")).last)
    assert webchat_session(page) == session and bubbles.all_inner_texts()[:len(said)] == said


def test_rasa_webchat_hijack_a_foreign_session_id_opens_nobodys_conversation(visit):
    victim = webchat(visit)
    signed = webchat_session(victim)
    conversation, _, signature = signed.rpartition(".")
    assert conversation.startswith("sio-") and len(signature) >= 20
    thieves = [webchat(visit, stolen) for stolen in (conversation, f"{conversation}.{signature[:-1]}", f"{conversation}.{'A' * len(signature)}")]
    webchat_says(victim, "我叫王丽，" + COMPLAINT)
    shown(victim.locator(".rw-response .rw-message-text").filter(has_text=SORRY).first)
    for thief in thieves:
        thief.wait_for_function("mine => JSON.parse(localStorage.getItem('chat_session')).session_id !== mine", arg=conversation)
        webchat_says(thief, "你好")
        shown(thief.locator(".rw-response .rw-message-text").first)
        assert not webchat_session(thief).startswith(conversation)
        assert "洗衣机" not in thief.locator("body").inner_text() and "王丽" not in thief.locator("body").inner_text()


# ---- chatroom over REST


def test_chatroom_a_complaint_is_answered_and_a_button_is_clicked(visit):
    page = visit(CHATROOM)
    page.locator(".chatroom input[type=text]").fill(COMPLAINT)
    page.locator(".chatroom input[type=submit]").click()
    answers = page.locator(".chatroom .chat.left:not(.waiting)")
    shown(answers.filter(has_text=SORRY).first)
    page.locator(".chatroom .chat-button", has_text="转人工").last.click()
    shown(answers.filter(has_text=re.compile("人工|同事|专员")).last)


# ---- deep-chat over REST


def test_deep_chat_a_complaint_is_answered_and_a_button_is_clicked(visit):
    page = visit(DEEP_CHAT)
    page.locator("deep-chat #text-input").fill(COMPLAINT)
    page.locator("deep-chat #text-input").press("Enter")
    answers = page.locator("deep-chat .ai-message-text")
    shown(answers.filter(has_text=SORRY).first)
    page.locator("deep-chat .deep-chat-button", has_text="转人工").last.click()
    shown(answers.filter(has_text=re.compile("人工|同事|专员")).last)
