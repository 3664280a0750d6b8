"""The widget in a real browser against a stand-in server: what a customer does, and what goes wrong on the way."""
from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

playwright = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.widget_fake_server import TICKET, WEB, House, running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[House, str]]:
    house = House()
    with running(house) as address:
        yield house, address


@pytest.fixture
def house(served: tuple[House, str]) -> House:
    served[0].refuse = served[0].lose_accepted = False
    served[0].uploads = True
    return served[0]


@pytest.fixture
def visitor(browser: Browser, served: tuple[House, str]) -> Iterator[Callable[..., BrowserContext]]:
    """A new visitor with a browser of their own; every page error fails the test."""
    contexts, errors = [], []

    def new(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=served[1], locale="zh-CN", timezone_id="Asia/Shanghai", **(DESKTOP | options))
        context.set_default_timeout(8000)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(visitor: Callable[..., BrowserContext]) -> Page:
    return opened(visitor())


def opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="我要投诉 / 联系客服").click()
    expect(field(page)).to_be_visible()
    return page


def field(page: Page) -> playwright.Locator:
    return page.get_by_role("textbox", name="请输入您想说的话")


def bubbles(page: Page, who: str = "") -> playwright.Locator:
    return page.locator(f"tingsu-chat .message{who and '.' + who} .bubble:not(.typing)")


def say(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Enter")


def said_to(house: House, page: Page) -> list[str]:
    return [message["text"] for message in house.histories[token(page)] if message["actor"] == "customer"]


def token(page: Page) -> str:
    page.wait_for_function("localStorage.getItem('tingsu:token') !== null")
    return page.evaluate("JSON.parse(localStorage.getItem('tingsu:token'))")


def png(width: int = 8) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    header = width.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width * 3) * width)) + chunk(b"IEND", b"")


PHOTO = {"name": "floor.png", "mimeType": "image/png", "buffer": png()}


# ---- a complaint from the first word to the ticket


def test_a_complaint_from_the_first_word_to_the_stars(page: Page, house: House) -> None:
    say(page, "洗衣机才用三天就漏水\n打电话没人管")
    expect(bubbles(page, "customer")).to_have_text("洗衣机才用三天就漏水打电话没人管")
    page.get_by_role("button", name="不清楚，先跳过").click()
    expect(page.get_by_role("button", name="不清楚，先跳过")).to_have_count(0)

    consent = page.get_by_role("group", name="征求您的同意").get_by_role("button")
    expect(consent).to_have_count(2)
    widths = {round(button.bounding_box()["width"]) for button in consent.all()}
    assert len(widths) == 1, "both answers weigh the same"
    consent.first.click()

    expect(page.locator("tingsu-chat .numbered")).to_have_count(3)
    page.get_by_role("button", name="都对，提交").click()
    chip = page.get_by_role("button", name=TICKET)
    expect(chip).to_have_count(1)
    expect(page.locator("tingsu-chat .card")).to_have_count(4)
    page.locator("tingsu-chat .card").nth(1).click()
    expect(page.locator("tingsu-chat .card")).to_have_count(0)

    say(page, "评价")
    page.get_by_role("button", name="4 星").click()
    expect(bubbles(page, "bot").last).to_have_text("收到：4星")
    choices = [frame["choice"] for frame in house.frames if frame["type"] == "choice"][-5:]
    assert choices == ["skip", "yes", "yes", "exchange", "4"]


def test_the_ticket_number_can_be_copied(visitor: Callable[..., BrowserContext]) -> None:
    page = opened(visitor(permissions=["clipboard-read", "clipboard-write"]))
    say(page, "都对")
    page.get_by_role("button", name=TICKET).click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == TICKET


def test_a_person_takes_over(page: Page, house: House) -> None:
    page.get_by_role("button", name="转人工").click()
    expect(page.get_by_text("排在第 2 位")).to_be_visible()
    expect(page.get_by_role("button", name="转人工")).to_have_count(0)
    visitor_token = token(page)
    house.set_state(visitor_token, owner="human", agent="小王", position=None)
    house.shows_typing(visitor_token, "human")
    expect(page.locator("tingsu-chat .typing")).to_be_visible()
    house.staff_says(visitor_token, "您好，我是小王")
    expect(page.locator("tingsu-chat header .badge")).to_have_text("人工")
    expect(page.locator("tingsu-chat .message.human .badge")).to_have_text("人工")
    expect(page.locator("tingsu-chat .typing")).to_have_count(0)
    house.set_state(visitor_token, owner="bot", agent=None)
    expect(page.get_by_role("button", name="转人工")).to_be_visible()


def test_danger_shows_numbers_to_call(page: Page) -> None:
    say(page, "触电了")
    expect(page.locator("tingsu-chat .safety a").first).to_have_attribute("href", "tel:120")
    expect(page.locator("tingsu-chat .safety a").last).to_have_attribute("href", "tel:119")


def test_what_the_server_has_to_say_is_shown(page: Page, house: House) -> None:
    visitor_token = token(page)
    house.set_state(visitor_token, warming=True)
    expect(page.get_by_text("客服系统正在启动")).to_be_visible()
    house.set_state(visitor_token, warming=False)
    expect(page.get_by_text("客服系统正在启动")).to_be_hidden()
    house.tell(visitor_token, {"type": "error", "code": "too_fast", "message": "您发得太快了，请稍等几秒"})
    expect(page.get_by_role("alert")).to_have_text("您发得太快了，请稍等几秒")


# ---- reloads, tabs, lost lines


def test_a_reload_keeps_history_panel_and_draft(page: Page) -> None:
    say(page, "第一句")
    expect(bubbles(page)).to_have_text(["第一句", "收到：第一句"])
    field(page).fill("还没写完")
    page.reload()
    expect(bubbles(page)).to_have_text(["第一句", "收到：第一句"])
    expect(field(page)).to_have_value("还没写完")


def test_two_tabs_show_one_conversation(visitor: Callable[..., BrowserContext], house: House) -> None:
    context = visitor()
    first, second = opened(context), opened(context)
    say(first, "甲页说的")
    everything = ["甲页说的", "收到：甲页说的", "乙页说的", "收到：乙页说的"]
    expect(bubbles(second)).to_have_text(everything[:2])
    say(second, "乙页说的")
    expect(bubbles(first)).to_have_text(everything)
    expect(bubbles(second)).to_have_text(everything)
    assert house.texts(token(first)) == everything


def test_words_said_while_the_line_is_down_arrive_once_and_in_order(page: Page, house: House) -> None:
    say(page, "断线前")
    expect(bubbles(page)).to_have_count(2)
    visitor_token = token(page)
    house.refuse = True
    house.drop_all()
    expect(page.locator("tingsu-chat .notice.offline")).to_be_visible()
    for number in range(3):
        say(page, f"断线中{number}")
    house.write(visitor_token, "bot", "断线时机器人说的", metadata={})
    expect(page.get_by_text("待发送")).to_have_count(3)
    house.refuse = False
    expect(page.locator("tingsu-chat .notice.offline")).to_be_hidden(timeout=12000)
    expect(bubbles(page, "bot").filter(has_text="收到：断线中2")).to_be_visible()
    assert said_to(house, page) == ["断线前", "断线中0", "断线中1", "断线中2"]
    expect(bubbles(page).filter(has_text="断线时机器人说的")).to_have_count(1)
    expect(bubbles(page)).to_have_text(house.texts(visitor_token))


def test_a_lost_receipt_does_not_double_a_message(page: Page, house: House) -> None:
    say(page, "先来一句")
    expect(bubbles(page)).to_have_count(2)
    house.lose_accepted = True
    say(page, "收据丢了")
    expect(page.locator("tingsu-chat [data-status=sent]")).to_have_count(2, timeout=12000)
    assert said_to(house, page) == ["先来一句", "收据丢了"]
    expect(bubbles(page, "customer")).to_have_text(["先来一句", "收据丢了"])


def test_a_reload_while_the_line_is_down_loses_nothing(page: Page, house: House) -> None:
    say(page, "开头")
    expect(bubbles(page)).to_have_count(2)
    house.refuse = True
    house.drop_all()
    say(page, "刷新也不能丢")
    page.reload()
    expect(bubbles(page, "customer")).to_have_text(["刷新也不能丢"])
    house.refuse = False
    expect(bubbles(page, "bot").filter(has_text="收到：刷新也不能丢")).to_be_visible(timeout=12000)
    assert said_to(house, page) == ["开头", "刷新也不能丢"]


def test_unread_messages_are_counted_while_closed(page: Page, house: House) -> None:
    say(page, "在吗")
    expect(bubbles(page)).to_have_count(2)
    page.keyboard.press("Escape")
    launcher = page.get_by_role("button", name="联系客服").last
    expect(launcher).to_be_focused()
    house.bot_says(token(page), "处理有进展了")
    house.bot_says(token(page), "请您看一下")
    expect(page.get_by_role("button", name="联系客服，2 条未读消息")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="联系客服，2 条未读消息").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="未读")).to_have_count(0)


# ---- writing


def test_an_input_method_is_not_interrupted(page: Page, house: House) -> None:
    field(page).focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "tuikuan", "selectionStart": 7, "selectionEnd": 7})
    field(page).dispatch_event("keydown", {"key": "Enter"})
    expect(bubbles(page)).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "退款"})
    expect(field(page)).to_have_value("退款")
    field(page).dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    expect(bubbles(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(bubbles(page, "customer")).to_have_text(["退款"])


def test_the_keyboard_is_enough(visitor: Callable[..., BrowserContext]) -> None:
    page = visitor().new_page()
    page.goto("/")
    page.get_by_role("button", name="我要投诉 / 联系客服").focus()
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    page.keyboard.type("洗衣机坏了")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    page.keyboard.press("Enter")
    skip = page.get_by_role("button", name="不清楚，先跳过")
    expect(skip).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        if skip.evaluate("node => node === node.getRootNode().activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="征求您的同意")).to_be_visible()
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_on_a_phone_the_sheet_covers_the_page_and_holds_the_focus(visitor: Callable[..., BrowserContext]) -> None:
    page = opened(visitor(**PHONE))
    sheet = page.get_by_role("dialog")
    expect(sheet).to_have_attribute("aria-modal", "true")
    page.wait_for_timeout(400)
    assert [round(edge) for edge in sheet.bounding_box().values()] == [0, 0, 360, 740]
    for _ in range(14):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") == "tingsu-chat"
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_markup_is_shown_as_text(page: Page, house: House) -> None:
    evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    say(page, evil)
    expect(bubbles(page)).to_have_text([evil, f"收到：{evil}"])
    visitor_token = token(page)
    house.bot_says(visitor_token, evil, ticket=evil, asks="option", options=[{"id": "1", "label": evil}])
    expect(page.locator("tingsu-chat .card")).to_have_text(f"1{evil}")
    attachment = {"url": "javascript:window.hacked=1", "type": "image/png", "name": evil}
    house.tell(visitor_token, {"type": "message", "message": house.write(visitor_token, "staff", "", name=evil, attachment=attachment)})
    expect(bubbles(page, "human")).to_have_text(evil)
    assert page.evaluate("window.hacked") is None
    assert page.locator("tingsu-chat .log img, tingsu-chat .log script").count() == 0


# ---- photos


def test_a_photo_is_previewed_uploaded_and_sent(page: Page, house: House) -> None:
    page.locator("tingsu-chat input[type=file]").set_input_files(PHOTO)
    expect(page.locator("tingsu-chat .thumb[data-state=done] img")).to_be_visible()
    say(page, "地板泡坏了")
    expect(page.locator("tingsu-chat .customer .photo img")).to_be_visible()
    expect(page.locator("tingsu-chat .thumb")).to_have_count(0)
    expect(page.locator("tingsu-chat [data-status=sent]")).to_have_count(1)
    assert house.histories[token(page)][0]["attachment"]["name"] == "floor.png"


def test_a_photo_that_cannot_be_sent_is_explained(page: Page, house: House) -> None:
    files = page.locator("tingsu-chat input[type=file]")
    alert = page.get_by_role("alert")
    files.set_input_files(PHOTO | {"name": "a.pdf", "mimeType": "application/pdf"})
    expect(alert).to_have_text("只能发 JPG、PNG、WebP 或 GIF 图片")
    files.set_input_files(PHOTO | {"buffer": b"BAD"})
    expect(alert).to_have_text("这张照片打不开，请换一张")
    page.get_by_role("button", name="移除照片 floor.png").click()
    house.uploads = False
    files.set_input_files(PHOTO)
    expect(alert).to_have_text("这里暂时不能发照片")
    expect(page.get_by_role("button", name="添加照片")).to_have_count(0)


# ---- looks


def test_text_size_is_remembered(page: Page) -> None:
    say(page, "看得清吗")
    sizes = {}
    for name in ("小号字", "标准字", "大号字"):
        page.get_by_role("button", name=name).click()
        sizes[name] = float(bubbles(page).first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)"))
    assert sizes["小号字"] < sizes["标准字"] < sizes["大号字"] >= 20
    page.reload()
    expect(page.get_by_role("button", name="大号字")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everything_can_be_read(visitor: Callable[..., BrowserContext], house: House, scheme: str, size: dict) -> None:
    """WCAG AA: 4.5 : 1 for every text on screen, in light and dark."""
    page = opened(visitor(color_scheme=scheme, **size))
    for words in ("洗衣机", "触电", "都对"):
        say(page, words)
    expect(page.locator("tingsu-chat .card")).to_have_count(4)
    page.get_by_role("button", name="转人工").last.click()
    expect(page.get_by_text("排在第 2 位")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate(CONTRASTS_TOO_LOW) == []


def test_the_page_says_what_the_chat_is_about(page: Page, house: House) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("button", name="这单有问题").first.click()
    expect(page.get_by_text("关联订单 TS20260222")).to_be_visible()
    say(page, "就是这单")
    expect(bubbles(page)).to_have_count(2)
    context = [frame for frame in house.frames if frame["type"] == "hello"][-1]["context"]
    assert context["order"] == "TS20260222"
    assert context["page"].endswith("/")


def test_the_tag_on_a_page_of_another_origin(visitor: Callable[..., BrowserContext], served: tuple[House, str]) -> None:
    page = visitor().new_page()
    house, address = served
    attributes = 'data-color="#ffd54a" data-title="门店服务" data-order="A1" data-store="万达店" data-identity="a.signed.word" data-open="true"'
    tag = f'<script src="{address}/widget.js" {attributes}></script>'
    page.goto(f"{address.replace('127.0.0.1', 'localhost')}/elsewhere?tag={quote(tag)}")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("tingsu-chat .service")).to_have_text("门店服务")
    page.evaluate("window.Tingsu.send('接口说的')")
    expect(bubbles(page)).to_have_text(["接口说的", "收到：接口说的"])
    hello = [frame for frame in house.frames if frame["type"] == "hello"][-1]
    assert (hello["context"]["order"], hello["context"]["store"], hello["identity"]) == ("A1", "万达店", "a.signed.word")
    assert page.locator("tingsu-chat header .avatar").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 213, 74)"
    assert page.evaluate(CONTRASTS_TOO_LOW) == []
    page.evaluate("window.Tingsu.close()")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("window.Tingsu.open()")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_what_the_tag_loads_is_small() -> None:
    files = [path for path in Path(WEB, "widget").iterdir() if path.suffix in (".js", ".css")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= 30_000


CONTRASTS_TOO_LOW = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const low = [];
  const root = document.querySelector("tingsu-chat").shadowRoot;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest(".hidden, :disabled, style")) continue;
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor);
    const under = paint(["white", ...layers]);
    const over = paint(["white", ...layers, getComputedStyle(node).color]);
    const ratio = (Math.max(under, over) + 0.05) / (Math.min(under, over) + 0.05);
    if (ratio < 4.5) low.push(`${walker.currentNode.data} ${ratio.toFixed(2)}`);
  }
  return low;
}"""
