"""The envelope against published vectors and against wechatpy."""
from __future__ import annotations

import base64
import os
import struct

import pytest
import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from bot.channels.wechat.crypto import Envelope, NotGenuine, signature, signed
from tests.bot.channels.tencent_posts import AES_KEY, APPID, TOKEN

OURS = Envelope(TOKEN, AES_KEY, APPID)


def raw(plain: bytes, key: str = AES_KEY) -> str:
    """Encrypt bytes as they are: a sender who knows the key but not the rules."""
    secret = base64.b64decode(key + "=")
    writer = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return base64.b64encode(writer.update(plain) + writer.finalize()).decode()


def opened(sealed: str) -> bytes:
    return OURS.open(sealed, msg_signature=signature(TOKEN, "1", "2", sealed), timestamp="1", nonce="2")


@given(st.text(max_size=400))
def test_what_wechatpy_seals_we_open(text):
    outer = xmltodict.parse(WeChatCrypto(TOKEN, AES_KEY, APPID).encrypt_message(text, "nonce", "1700000000"))["xml"]
    assert OURS.open(outer["Encrypt"], msg_signature=outer["MsgSignature"], timestamp="1700000000", nonce="nonce").decode() == text


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=400))
def test_what_we_seal_wechatpy_opens(text):
    sealed, mark = OURS.seal(text.encode(), timestamp="1700000000", nonce="nonce")
    envelope = f"<xml><ToUserName>gh</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
    assert WeChatCrypto(TOKEN, AES_KEY, APPID).decrypt_message(envelope, mark, "1700000000", "nonce") == text


def test_wxjavas_published_vector_byte_for_byte():
    """WxCryptUtilTest: fixed salt, 「我是中文abcd123」."""
    envelope = Envelope("pamtest", AES_KEY, "wxb11529c136998cb6")
    sealed, _ = envelope.seal("我是中文abcd123".encode(), timestamp="1409304348", nonce="xxxxxx", salt=b"aaaabbbbccccdddd")
    assert sealed == "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="


def test_tencents_own_sample():
    """weworkapi_python callback/Sample.py: the echo of a URL verification."""
    envelope = Envelope("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
    echo = envelope.open("P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
                         msg_signature="5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", timestamp="1409659589", nonce="263014780")
    assert echo == b"1616140317555161061"


def test_a_signature_over_anything_else_is_refused():
    sealed, mark = OURS.seal(b"<xml/>", timestamp="1", nonce="2")
    other, _ = OURS.seal(b"<xml/>", timestamp="1", nonce="2")
    for given_signature, text in ((mark, other), ("", sealed), (mark.upper(), sealed), (mark[:-1] + "é", sealed)):
        with pytest.raises(NotGenuine):
            OURS.open(text, msg_signature=given_signature, timestamp="1", nonce="2")
    assert signed(signature(TOKEN, "1", "2"), TOKEN, "1", "2")


def padded(body: bytes) -> bytes:
    pad = 32 - len(body) % 32
    return body + bytes([pad]) * pad


SALT = b"s" * 16
GARBAGE = {
    "bad base64": "***", "empty": "", "one block": raw(os.urandom(16)), "half a block": base64.b64encode(b"x" * 40).decode(), "not ascii": "密文",
    "pad 0": raw(SALT + struct.pack(">I", 0) + b"x" * 11 + b"\0"), "pad 33": raw(padded(SALT + b"\0\0\0\0")[:-1] + b"\x21"),
    "pad 255": raw(b"x" * 63 + b"\xff"), "uneven pad": raw(SALT + struct.pack(">I", 0) + APPID.encode()[:7] + b"\x01\x02\x03\x04\x05"),
    "length beyond the end": raw(padded(SALT + struct.pack(">I", 9999) + APPID.encode())), "other appid": raw(padded(SALT + struct.pack(">I", 2) + b"hi" + b"wx-other")),
    "no appid": raw(padded(SALT + struct.pack(">I", 2) + b"hi")), "wrong key": raw(padded(SALT + struct.pack(">I", 2) + b"hi" + APPID.encode()), "B" * 43),
}


@pytest.mark.parametrize("sealed", GARBAGE.values(), ids=GARBAGE)
def test_garbage_with_a_valid_signature_is_refused_without_a_reason(sealed):
    with pytest.raises(NotGenuine) as refusal:
        opened(sealed)
    assert str(refusal.value) == "" and refusal.value.__cause__ is None
