"""「不对，是……」 changes that fact and nothing else, and everything is read back again."""
from __future__ import annotations

import pytest

OPENING = "上周六在万达店花四百六买的洗衣机，才用三天就漏水"


async def read_back(talk, **answers):
    await talk(OPENING)
    return await talk.until("confirm", **answers)


async def facts(talk) -> dict[str, str]:
    return {name: fact.value for name, fact in (await talk.case()).facts.items()}


@pytest.mark.parametrize("correction, fact, value", [
    ("不对，是上周五", "when", "2026-11-20"), ("时间错了，应该是11月18号", "when", "2026-11-18"), ("金额不对，是六百四", "amount", "640"),
    ("不是万达店，是银泰店", "where", "银泰店"), ("不是洗衣机，是烘干机", "product", "烘干机"), ("电话写错了，是13900005678", "contact_phone", "13900005678")])
async def test_only_the_named_fact_changes(talk, correction, fact, value):
    await read_back(talk)
    before = await facts(talk)
    again = await talk(correction)
    assert again.stage == "confirming" and again.asks == "confirm"
    assert await facts(talk) == {**before, fact: value}


async def test_the_changed_point_is_said_back_first(talk):
    await read_back(talk)
    again = await talk("不对，是上周五")
    assert "上周五" in again.text.split("\n")[0] and "上周六" not in again.text


async def test_no_without_a_word_more_is_asked_where(talk):
    await read_back(talk)
    asked = await talk("不对")
    assert asked.stage == "confirming" and talk.tickets() == []
    await talk("金额是六百四")
    assert (await facts(talk))["amount"] == "640"


async def test_two_corrections_one_after_the_other(talk):
    await read_back(talk)
    await talk.says("不对，是上周五", "还有金额，是六百四")
    await talk("这回对了")
    ticket = talk.ticket()
    assert (ticket["facts"]["when"]["value"], ticket["facts"]["amount"]["value"]) == ("2026-11-20", "640")


async def test_a_correction_while_collecting(talk):
    await talk(OPENING)
    await talk("说错了，不是上周六，是上周五买的")
    assert (await facts(talk))["when"] == "2026-11-20"


async def test_a_correction_after_filing_reaches_the_ticket(talk):
    await read_back(talk)
    await talk("对")
    await talk("对了，刚才金额说错了，是六百四，不是四百六")
    assert talk.ticket()["facts"]["amount"]["value"] == "640"


async def test_something_added_at_the_read_back_is_kept(talk):
    await read_back(talk)
    again = await talk("对了，地板也被泡坏了")
    assert again.asks == "confirm"
    await talk("对")
    assert "地板" in talk.ticket()["facts"]["what_happened"]["value"]


async def test_a_cause_named_wrongly_is_replaced(talk):
    await read_back(talk)
    await talk("不是质量问题，是你们发错货了，我买的是八公斤的发来六公斤的")
    assert (await talk.case()).causes == ["complain_wrong_missing"]
