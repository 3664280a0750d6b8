"""Browsers of the desk's journeys: a customer with the real widget on the shop's page, and staff in the console."""
from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.journeys.desk_house import PASSWORD, DeskHouse, fingerprint_of

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"


class Browsers:
    """Pages of different people; a script error or a breach of the page's policy on any of them fails the test."""

    def __init__(self, browser: Any, house: DeskHouse) -> None:
        self._browser, self._house = browser, house
        self.errors: list[str] = []
        self.contexts: list[Any] = []

    def page(self, path: str, size: tuple[int, int] = (1280, 800), *, theme: str = "light", **more: Any) -> Any:
        context = self._browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai", color_scheme=theme, **more)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(self._house.base + path)
        return page

    def staff(self, name: str, size: tuple[int, int] = (1280, 800), *, theme: str = "light", **more: Any) -> Any:
        page = self.page("/desk", size, theme=theme, **more)
        page.get_by_label("账号").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_selector("desk-shell nav")
        return page

    def customer(self, size: tuple[int, int] = (1280, 800)) -> Customer:
        page = self.page("/", size)
        page.get_by_role("button", name="我要投诉 / 联系客服").click()
        return Customer(page)


@contextmanager
def visiting(chromium: Any, house: DeskHouse) -> Iterator[Browsers]:
    """Everybody's browsers for one test, closed afterwards."""
    browsers = Browsers(chromium, house)
    try:
        yield browsers
    finally:
        for context in browsers.contexts:
            context.close()
    assert browsers.errors == []


class Customer:
    """Whoever sits before the widget."""

    def __init__(self, page: Any) -> None:
        self.page = page

    @property
    def box(self) -> Any:
        return self.page.get_by_role("textbox", name="请输入您想说的话")

    @property
    def chat(self) -> Any:
        return self.page.locator("tingsu-chat")

    @property
    def id(self) -> str:
        """The id that the server gave this browser."""
        return self.page.evaluate("Object.values(localStorage).map(v => /web-[\\w-]+/.exec(v)).find(Boolean)[0]")

    @property
    def called(self) -> str:
        return f"客户 {fingerprint_of(self.id)}"

    def send(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def say(self, text: str) -> None:
        """Send, and wait until the assistant has answered."""
        before = self.page.locator("tingsu-chat .message").count()
        self.send(text)
        self.page.wait_for_function("n => document.querySelector('tingsu-chat').shadowRoot.querySelectorAll('.message').length >= n + 2", arg=before)
        self.page.wait_for_function("() => !document.querySelector('tingsu-chat').shadowRoot.querySelector('.typing')")

    def read(self) -> str:
        return "\n".join(self.page.locator("tingsu-chat .message").all_inner_texts())

    def call_a_person(self) -> None:
        self.page.get_by_role("button", name="转人工").first.click()


def look(page: Any, name: str, folder: Path | None) -> None:
    """A picture for whoever wants to look (TINGSU_DESK_SHOTS=folder)."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{name}.png")


def conversation_state(page: Any) -> Any:
    return page.locator(".talk-head .state")


def open_chat(page: Any, customer: Customer, box: str = "全部") -> None:
    page.get_by_role("group", name="收件箱").get_by_role("button", name=re.compile(f"^{box}")).click()
    page.locator("desk-inbox .row", has_text=customer.called).click()
    page.wait_for_selector("desk-packet .panel")
