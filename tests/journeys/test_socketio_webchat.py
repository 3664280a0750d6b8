"""rasa-webchat renders Markdown: what staff or the bot write must not become a script in a customer's browser."""
from __future__ import annotations

import os
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.async_api")

from bot.commands.test import _chromium
from tests.bot.channels.conftest import house  # noqa: F401
from tests.journeys.npm_clients import clients
from tests.journeys.test_socketio import serving

CHROMIUM = _chromium()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=os.environ.get("TINGSU_TEST_NO_CHROMIUM") or "no Chromium on this machine")
PAGE = """<!doctype html><meta charset=utf-8><body><script src="/npm/webchat.js"></script>
<script>WebChat.default({socketUrl: "%s", socketPath: "/socket.io/", embedded: true, customMessageDelay: () => 0, params: {storage: "session"}}, null)</script>"""
ATTACKS = ("<img src=x onerror=\"window.hurt=1\">", "<script>window.hurt=1</script>", "[点这里](javascript:window.hurt=1)", "![图](x\" onerror=\"window.hurt=1)",
           "<javascript:window.hurt=1>", "[点][1]\n\n[1]: javascript:window.hurt=1", "[点](&#106;avascript:window.hurt=1)", "[点]( java\tscript:window.hurt=1)",
           "<svg/onload=window.hurt=1>", "<a href='data:text/html,<script>1</script>'>退款</a>")


async def test_xss_what_staff_write_is_shown_and_never_run(house):  # noqa: F811
    script, home = Path(clients(), "rasa-webchat", "package", "lib", "index.js").read_bytes(), house()
    async with serving(home) as base, playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page()
        await page.route("**/client.html", lambda route: route.fulfill(body=PAGE % base, content_type="text/html"))
        await page.route("**/npm/webchat.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
        await page.goto(f"{base}/client.html")
        await page.locator("textarea.rw-new-message").fill("<b onmouseover=alert(1)>在吗</b>")
        await page.locator("button.rw-send").click()
        await playwright.expect(page.locator(".rw-response .rw-message-text")).to_have_count(1, timeout=30_000)
        conversation = home.engine.turns[0][0]
        for text in ATTACKS:
            await home.reception.deliver(conversation, "staff", text, name="小王")
        await playwright.expect(page.locator(".rw-response .rw-message-text")).to_have_count(1 + len(ATTACKS), timeout=30_000)
        for link in await page.locator(".rw-response a").all():
            assert not (await link.get_attribute("href") or "").startswith(("javascript:", "data:"))
            await link.click(no_wait_after=True)
        await home.reception.deliver(conversation, "staff", "[政策](https://shop.example/policy)", name="小王")
        await playwright.expect(page.locator(".rw-response a[href='https://shop.example/policy']")).to_have_count(1, timeout=30_000)
        assert await page.evaluate("window.hurt") is None and await page.locator(".rw-response img[src=x]").count() == 0
        await browser.close()


async def test_origin_the_widget_on_a_page_that_is_not_listed_hears_nothing(house):  # noqa: F811
    script, home = Path(clients(), "rasa-webchat", "package", "lib", "index.js").read_bytes(), house()
    async with serving(home) as base, playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        heard = []
        for origin in ("http://evil.localhost:9", base):
            page = await browser.new_page()
            page.on("response", lambda answer: heard.append(answer.status) if "/socket.io/" in answer.url else None)
            await page.route(f"{origin}/client.html", lambda route: route.fulfill(body=PAGE % base, content_type="text/html"))
            await page.route("**/npm/webchat.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
            await page.goto(f"{origin}/client.html")
            if origin == base:
                await playwright.expect(page.locator("textarea.rw-new-message")).to_be_visible(timeout=30_000)
                await page.wait_for_function("sessionStorage.getItem('chat_session')?.includes('sio-')")
            else:
                await page.wait_for_timeout(1500)
                assert not await page.evaluate("sessionStorage.getItem('chat_session')?.includes('sio-')")
        await browser.close()
