"""The page that carries the chat knows the order and the shop: nobody is asked for them."""
from __future__ import annotations

PAGE = {"order": "TS20260222", "store": "银泰店"}


async def test_the_order_of_the_page_is_read_back_and_never_asked(talk):
    await talk("刚买的电饭煲用两天就不加热了", context=PAGE)
    for said in ("上周六买的", "没有别的了", "修好就行", "13800138000", "同意", "对"):
        answer = await talk(said, context=PAGE)
        assert answer.asks != "order_id"
        if any("TS20260222" in text for text in answer.texts):
            break
    else:
        raise AssertionError("the order on the page was never read back")


async def test_the_customers_own_number_goes_first(house, talk):
    await talk("电饭煲坏了，订单号TS20269999", context=PAGE)
    case = await house.reception.case_of(talk.conversation)
    await talk("不对，订单号是TS20268888", context=PAGE)
    after = await house.reception.case_of(talk.conversation)
    assert (case.facts["where"].value, case.value("order_id")) == ("银泰店", "TS20269999") and after.value("order_id") == "TS20268888"
