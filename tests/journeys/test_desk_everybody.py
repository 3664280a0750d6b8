"""The desk is for everybody: read by a screen reader, worked by keys alone, with text twice as big, in light and in dark; and its
pages need nothing that a strict content policy forbids."""
from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest

playwright = pytest.importorskip("playwright.sync_api")
if not Path("/usr/bin/chromium").exists():
    pytest.skip("Chromium is not installed", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe

from tests.bot.desk.desk_demo import COURIER, PASSWORD, WASHER, WEB, Served
from tests.journeys.desk_browsers import POLICY

expect = playwright.expect
CHAT = f"chat/{quote(WASHER, safe='')}"
PAGES = ("chat", CHAT, "tickets", "ticket", "approvals", "knowledge", "figures", "audit", "staff")
GRAVE = {"serious", "critical"}


async def with_policy(request, call_next):
    answer = await call_next(request)
    answer.headers["content-security-policy"] = POLICY
    return answer


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("everybody"))
    served._server.config.app.middleware("http")(with_policy)
    with served:
        served.customer_says(WASHER, "我的电话13912345678，快点")
        yield served


@pytest.fixture
def enter(chromium, served):
    contexts, breaches = [], []

    def enter(name="boss", *, size=(1280, 800), theme="light", preferences=()):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai", color_scheme=theme, reduced_motion="reduce")
        contexts.append(context)
        for key, value in preferences:
            context.add_init_script(f"localStorage.setItem('desk:{key}', '{value}')")
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: breaches.append(str(error)))
        page.on("console", lambda line: breaches.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(f"{served.address}/desk")
        if name:
            page.get_by_label("账号").fill(name)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_label("密码").press("Enter")
            page.wait_for_selector("desk-inbox .rows > li", state="attached")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert breaches == [], "the pages need nothing but their own files"


def go(page, served, place: str) -> None:
    page.goto(f"{served.address}/desk#/{f'tickets/{served.ticket}' if place == 'ticket' else place}")
    if place == CHAT:
        page.wait_for_selector("desk-packet .panel", state="attached")
    page.wait_for_function("() => !document.querySelector('main')?.textContent.includes('正在读取')")
    page.wait_for_timeout(250)


def grave(page) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).response["violations"]
    return [f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:200]} … {each['nodes'][0].get('failureSummary', '')[:300]}" for each in found if each["impact"] in GRAVE]


def test_words_only_ever_become_text():
    """No file of the desk writes markup, runs text as code, or styles an element in its tag."""
    written = {path.name: path.read_text(encoding="utf-8") for path in WEB.rglob("*") if path.suffix in (".js", ".html")}
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"style|javascript:|<script>|<style|\sstyle=|\son\w+=\"")
    assert {name: forbidden.findall(text) for name, text in written.items() if forbidden.search(text)} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 800)], ids=["wide", "phone"])
def test_axe_finds_nothing_grave_on_any_page(enter, served, theme, size):
    page, found = enter(size=size, theme=theme), {}
    for place in PAGES:
        go(page, served, place)
        if problems := grave(page):
            found[place] = problems
    assert found == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_the_dialogs(enter, served, theme):
    page, found = enter("wang", theme=theme), {}
    assert grave(enter(None, theme=theme)) == [], "the sign-in page"
    go(page, served, CHAT)
    if page.get_by_role("button", name="接待", exact=False).filter(has_text="接待t").count():
        page.keyboard.press("t")
    expect(page.locator(".talk-head .state")).to_have_text("接待中")
    for key in ("?", "x", "e", "w", "m"):
        page.keyboard.press(key)
        page.wait_for_selector("dialog[open]")
        found[key] = grave(page)
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    for name in ("偏好", "常用语", "＋ 标签", "显示"):
        page.get_by_role("button", name=name).first.click()
        page.wait_for_selector("dialog[open]")
        found[name] = grave(page)
        page.keyboard.press("Escape")
    assert {where: problems for where, problems in found.items() if problems} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_grave_when_much_is_going_on(enter, served, theme):
    """A colleague's question, an alarm, tags, a note, a tone warning, a message under way, a broken line."""
    served.outside.allowances["wechat"] = {"left": 1, "until": None, "waiting": 1}
    page = enter("zhao", theme=theme)
    go(page, served, f"chat/{quote(COURIER, safe='')}")
    if not page.get_by_role("button", name="交还机器人").count():
        page.keyboard.press("t")
    expect(page.locator(".talk-head .state")).to_have_text("接待中")
    asked = enter("wang", theme=theme)
    page.evaluate("async ([c]) => { const api = await import('/desk/static/api.js'); await api.post('/api/v1/desk/note', { conversation: c, text: '@小王 这单能退吗' }); await api.post('/api/v1/desk/tags', { conversation: c, tag: '等凭证', on: true }); }", [COURIER])
    expect(asked.locator("desk-consults")).to_contain_text("这单能退吗")
    served.desk.hub.deliver("desk", {"type": "ring", "id": 1, "conversation": WASHER, "severity": "L4", "reason": "risk", "ticket": None, "at": ""})
    expect(page.locator(".alarm")).to_be_visible()
    page.get_by_label("回复客户").fill("您怎么不早说，懂不懂")
    expect(page.locator(".tone .block")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0, timeout=15_000)
    assert grave(page) == [] and grave(asked) == []
    page.context.set_offline(True)
    page.get_by_label("回复客户").fill("断网时的一句")
    page.get_by_label("回复客户").press("Enter")
    expect(page.locator(".outbox li")).to_be_visible()
    expect(page.locator(".offline")).to_be_visible()
    assert grave(page) == []
    page.context.set_offline(False)


def test_a_day_by_keys_alone(enter, served):
    """From signing in to a handed-back customer without a mouse; the focus can always be seen."""
    page = enter("li")
    other = "web:by-keys-0001"
    served.desk.transcript.accept(other, "web", "发票抬头开错了")
    served.desk.handovers.request(other, channel="web", reason="asked for a person", severity="L2", ticket=None)
    served.desk.hub.deliver("desk", {"type": "queue"})
    expect(page.locator("desk-inbox .row", has_text="发票抬头开错了")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("发票")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("desk-conversation .log")).to_contain_text("发票抬头开错了")
    page.keyboard.press("t")
    expect(page.locator(".talk-head .state")).to_have_text("接待中")
    page.keyboard.press("r")
    page.keyboard.type("您好，我是小李，马上为您更正。")
    page.keyboard.press("Enter")
    expect(page.locator(".line-staff")).to_contain_text("马上为您更正")
    page.keyboard.press("/")
    page.keyboard.type("收尾")
    page.keyboard.press("Enter")
    expect(page.get_by_label("回复客户")).to_have_value(re.compile("还有其他需要"))
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    assert page.evaluate("document.activeElement.localName") == "desk-packet"
    page.keyboard.press("e")
    page.keyboard.type("请继续收集抬头")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".talk-head .state")).to_have_text("已交还机器人")
    page.keyboard.press("Alt+2")
    expect(page.locator("desk-tickets table")).to_be_visible()


def test_tab_reaches_everything_and_shows_where_it_is(enter, served):
    page = enter("zhao")
    go(page, served, CHAT)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    reached, unseen = set(), []
    for _ in range(90):
        page.keyboard.press("Tab")
        where = page.evaluate("""() => { const e = document.activeElement, s = getComputedStyle(e), n = e.nextElementSibling && getComputedStyle(e.nextElementSibling);
            return [e.localName, (e.getAttribute('aria-label') || e.textContent || '').trim().slice(0, 20), s.outlineStyle !== 'none' || n?.outlineStyle !== 'none', e === document.body] }""")
        if where[3]:
            break
        reached.add(where[1])
        if not where[2]:
            unseen.append(where[:2])
    assert unseen == []
    assert {"排队1", "查找会话", "消息"} & reached and any("转交" in each or "接管" in each or "接待" in each for each in reached), reached


@pytest.mark.parametrize("place", PAGES)
def test_text_twice_as_big_loses_nothing(enter, served, place):
    """A window of 1280 at 200 % zoom is one of 640; and with the largest text nothing is pushed out of the page."""
    page = enter(size=(640, 480), preferences=(("size", "l"),))
    go(page, served, place)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    cut = page.evaluate("""() => [...document.querySelectorAll('button, h1, h2, dt, dd, th, label, .chip')].filter((e) => e.offsetParent && !e.matches(".hidden, .hidden *") && e.scrollWidth > e.clientWidth + 1
        && getComputedStyle(e).overflowX === 'hidden').map((e) => e.outerHTML.slice(0, 120))""")
    assert cut == []


def test_three_sizes_of_text_and_a_dark_room(enter, served):
    page = enter()
    sizes = []
    for name in ("标准", "大", "特大"):
        page.get_by_role("button", name="偏好").click()
        page.get_by_role("radio", name=name, exact=True).check(force=True)
        page.keyboard.press("Escape")
        sizes.append(float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")))
    assert sizes[0] < sizes[1] < sizes[2]
    page.get_by_role("button", name="偏好").click()
    page.get_by_role("radio", name="深色").check(force=True)
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("desk-inbox .rows > li", state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")) == sizes[2]
