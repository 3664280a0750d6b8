"""Numbers that touch Chinese characters are found; identity and card numbers are found so that they can be taken out."""
import pytest

from bot.nlu import identifiers
from bot.nlu.normalise import fold
from bot.nlu.span import without_overlaps


def found(text):
    return [(s.entity, s.value) for s in without_overlaps(identifiers.find(fold(text), text))]


@pytest.mark.parametrize("text, expected", [
    ("订单号2024051100123456还没到", [("order_id", "2024051100123456")]),
    ("运单号FC000000123456", [("tracking_no", "FC000000123456")]),
    ("我手机13600000404随时打", [("phone", "13600000404")]),
    ("＋８６ 136-0000-0404", [("phone", "13600000404")]),
    ("座机021-68804868", [("phone", "02168804868")]),
    ("C2610200012现在到哪步了", [("ticket_id", "C2610200012")]),
    ("充值单号YX2026005454", [("order_id", "YX2026005454")]),
    ("户号是0000450045", [("order_id", "0000450045")]),
    ("SF1234567890123到哪了", [("tracking_no", "SF1234567890123")]),
    ("批号CN7K20", [("batch_no", "CN7K20")]),
    ("发到wang.li@example.com吧", [("email", "wang.li@example.com")]),
    ("一共2480块", []), ("1000兆宽带", [])])
def test_identifiers(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", ["我身份证号11010519491231002X，你念一遍", "身份证110105 19491231 0021", "卡号6222 0212 3456 7890 123别外传", "信用卡4111111111111111"])
def test_secrets_are_masked_and_named(text):
    masked, kinds = identifiers.mask(text, fold(text))
    assert kinds and "已隐藏" in masked
    assert not any(run.isdigit() and len(run) >= 8 for run in masked.replace(" ", "").replace("X", "0").split("〔"))


def test_a_phone_number_is_no_secret():
    text = "电话13600000404"
    assert identifiers.mask(text, fold(text)) == (text, ())


def test_hostile_runs_take_no_time():
    import time
    started = time.perf_counter()
    for text in ("a@a." * 5000, "1" * 20_000, "1-" * 10_000, "订单" * 10_000):
        list(identifiers.find(fold(text), text))
    assert time.perf_counter() - started < 1.5
