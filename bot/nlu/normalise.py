"""Fold what people type into what models know, character by character, so that offsets never move."""
from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources

# Slips of the input method that never mean what they say in a complaint; same length on both sides.
HOMOPHONES = {"质粮": "质量", "克服电话": "客服电话", "投速": "投诉", "投述": "投诉", "头诉": "投诉", "腿款": "退款", "退宽": "退款", "腿货": "退货",
              "推款": "退款", "快弟": "快递", "快第": "快递", "发票开据": "发票开具", "人公": "人工", "陪偿": "赔偿", "培偿": "赔偿", "倍偿": "赔偿",
              "态渡": "态度", "泰度": "态度", "定单": "订单", "转人共": "转人工", "卖加": "卖家", "商加": "商家", "物留": "物流", "帐单": "账单",
              "帐号": "账号", "帐户": "账户", "在次": "再次", "客福": "客服", "刻服": "客服", "客付": "客服", "售候": "售后", "保休": "保修",
              "维休": "维修", "升气": "生气", "续废": "续费", "机气人": "机器人"}
_HOMOPHONE = re.compile("|".join(map(re.escape, HOMOPHONES)))


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Full-width → ASCII, Traditional → Simplified (OpenCC's character table), invisible and control → space."""
    table: dict[int, str] = {}
    data = resources.files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    for line in data.splitlines():
        source, _, target = line.partition("\t")
        if len(source) == 1 and target:
            table[ord(source)] = target.split(" ")[0][0]
    table.update({ord(a): b for a, b in zip("嘅啲咗唔冇嚟佢喺俾搵係嗰乜啱", "的些了不没来他在给找是那么对")})   # Cantonese function words
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    table[0x3000] = " "
    for code in range(0x10000):
        if 0xD800 <= code <= 0xDFFF or unicodedata.category(chr(code)) in ("Cc", "Cf"):
            table[code] = " "
    table.update({ord("，"): ",", ord("！"): "!", ord("？"): "?", ord("："): ":", ord("；"): ";", ord("（"): "(", ord("）"): ")"})
    return table


def fold(text: str) -> str:
    """`text` in Simplified, half-width, visible characters. ``len(fold(text)) == len(text)``."""
    folded = text.translate(_table()).lower()
    if len(folded) != len(text):                       # a few letters grow when lowered (İ)
        folded = "".join(c.lower() if len(c.lower()) == 1 else c for c in text.translate(_table()))
    return _HOMOPHONE.sub(lambda m: HOMOPHONES[m[0]], folded)
