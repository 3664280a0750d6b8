"""What staff see of a person until they ask."""
import pytest

from bot.desk.masking import addresses, hidden_address, hide, hide_json, hide_message
from bot.dialogue.case import Case, CaseFact


@pytest.mark.parametrize("text, shown, kinds", [
    ("打我电话13612340404吧", "打我电话136****0404吧", ("phone",)),
    ("136 1234 0404 或者 +86 136-1234-0404", "136****0404 或者 136****0404", ("phone",)),
    ("座机010-62345678", "座机010****5678", ("phone",)),
    ("发到 zhang.san@example.com 就行", "发到 z***@example.com 就行", ("email",)),
    ("身份证11010519491231002X", "身份证〔证件号已隐藏〕", ("id_number",)),
    ("卡号6222020200112233445", "卡号〔卡号已隐藏〕", ("bank_card",)),
    ("我住朝阳区建国路88号3栋502室", "我住朝阳区建国路＊＊＊", ("address",)),
    ("送到幸福小区12栋3单元", "送到幸福小区＊＊＊", ("address",)),
    ("电话１３６１２３４０４０４", "电话136****0404", ("phone",))])
def test_personal_data_is_hidden(text, shown, kinds):
    assert hide(text) == (shown, kinds)


@pytest.mark.parametrize("text", ["热线400-000-0000", "订单号 202611230001234", "赔了3000元", "11月3号买的", "12315", "工号8023", "2026-11-23T10:00:00+08:00", "等了3个小时", "在路上走了2号线",
                                  "C261123AB12C"])
def test_what_is_nobodys_stays(text):
    assert hide(text) == (text, ())


def test_an_address_that_the_case_knows_is_hidden_wherever_it_stands():
    known = addresses(Case(facts={"address": CaseFact("杭州市西湖区文三东路近湖家园", "西湖区文三东路近湖家园")}))
    assert hide("请送到西湖区文三东路近湖家园门口", known) == ("请送到西湖区＊＊＊门口", ("address",))
    assert hidden_address("近湖家园东门") == "近湖＊＊＊"


def test_names_of_things_are_left_alone():
    row = {"conversation": "webhook-13612340404", "order_id": "13612340404", "note": "13612340404", "list": [{"text": "a@b.cn"}], "n": 3}
    assert hide_json(row) == {**row, "note": "136****0404", "list": [{"text": "a***@b.cn"}]}


def test_a_message_says_what_was_hidden_in_it():
    assert hide_message({"id": "1", "text": "13612340404", "actor": "customer"}) == {"id": "1", "text": "136****0404", "actor": "customer", "masked": ["phone"]}
    assert "masked" not in hide_message({"id": "1", "text": "你好", "actor": "customer"})
