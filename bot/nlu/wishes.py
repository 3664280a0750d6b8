"""What the customer asks for: classes of demand by their words."""
from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Iterator

import yaml

from bot.nlu.span import Span
from bot.vocabulary import DEMANDS

# The words that make a verb a wish: 「我要退款」, not 「退款还没到」 and not 「退款要先交手续费」.
_WANTS = re.compile(r"再(?=道|赔|给|补)|要(?!是|不是|么|命|紧|死|我|先|扣|等|找|收|交|拍|填|上传|审批|下载|另|保|转|高|走|排|过|多|人脸|有|看|钱|\d|[一二两三四])|想|希望|盼|得(?:给|把|让|跟|先|赔|道)|给我|给俺|必须|请|烦|麻烦|只求|求|"
                    r"就行|就好|就可以|就成|就中|即可|赶紧|赶快|马上|尽快|尽早|立刻|应该|应当|理应|诉求|能不能|能否|可(?:不)?可以|行不|把(?!我的|门|它当|人|单子)|吧(?!台)|也行|也成|算了|最好|得$|回来|照价|按价|呗|条件是")
_LATE = re.compile(r"^.{0,3}(?:到现在|还没|没到|迟迟|一直|什么时候|何时|几天|多久|怎么还|呢|失败|被拒|不成|中$|进度|页面|申请|按钮|入口|流程|政策|规则|审批|手续费|二字|三个字|要(?:先|等|扣|我|收|交|走|上传|审批|填|人脸)|得(?:先|等)|又被|被(?:驳|拒|取消|改|备注|退)|没(?:发出|下文|人|动静))|^了(?!吧|就|算|行|得|也|给|$|,)|^(?:的时候|时(?!间))")
_NOT = re.compile(r"(?:不(?:给|肯|让|予|能|可|接受|想|要|用|支持|愿意?|同意|承认)?|没(?:有)?|拒绝|未|别|无法|难|什么时候|何时|还(?:没|不)|说(?:是)?(?:好)?|申请(?:了|的是)?|已经?|怎么还|显示|办理|拒|点(?:了|击)?|这笔|那笔|你们这|取|问|找我|要我|叫我|让我(?=赔|退|取消|换|解释)|先(?=退)|关掉|哪有)(?:.{0,3})$")
# The other side speaks: 商家说换一件, 他们要赔.
_THEIRS = re.compile(r"(?:他们?|她|对方|客服|店员|商家|平台|师傅|店家|店长|经理|老板|销售|售后|门店|仓库|卖家|房东|中介|公司|医院|导购|前台|司机|主播|店里|人家|后台)(?:却|还|又|就|只|都|也|跟我|反过来|先|直接|非)*(?:说|让|要|称|回复|答复|表示|告知|要求|承认|承诺|建议|写|改成|给我(?=换|退|修))")
_GIVEN = ("道歉", "解释", "改进")
_ALWAYS = ("惩罚性赔偿",)                                    # 假一赔十 is said to be claimed


@lru_cache(maxsize=1)
def _classes() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """{class: (clear words, clear or oblique words)}."""
    path = Path(__file__).with_name("wishes.yml")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if unknown := set(raw) - set(DEMANDS):
        raise ValueError(f"{path.name}: {sorted(unknown)[0]}: no such demand")
    return {name: (re.compile(words["told"]), re.compile("|".join(words.values()))) for name, words in raw.items()}


def find(folded: str, *, asked: bool = False) -> Iterator[Span]:
    """Wishes in the folded text; `asked`: it answers the question for the wish, so that the verb alone will do."""
    taken: list[tuple[int, int]] = []
    told: set[str] = set()
    text = folded[:1000]
    for name, patterns in _classes().items():
        for m in patterns[asked].finditer(text):
            if any(m.start() < b and m.end() > a for a, b in taken) or not _is_wanted(text, m, name, asked):
                continue
            if name not in told:
                told.add(name)
                yield Span("demand", m.start(), m.end(), name, 0.8)
            taken.append(m.span())


def _is_wanted(text: str, m: re.Match[str], name: str, asked: bool) -> bool:
    """A wish of the customer: neither refused, done nor said by the other side."""
    if name in _ALWAYS:
        return not re.match(r"的(?:承诺|牌子|标语)", text[m.end():])
    if _NOT.search(text[max(0, m.start() - 6):m.start()]) or _LATE.match(text[m.end():]):
        return False
    if name in _GIVEN and re.match("了(?!吧|就|算)", text[m.end():]):
        return False                                         # 他道歉了: it has been given
    clause = _clause(text, m.start(), m.end())
    return asked or bool((len(text) <= 8 or _WANTS.search(clause)) and not _THEIRS.search(clause))


def _clause(text: str, start: int, end: int) -> str:
    a = max(text.rfind(p, 0, start) for p in ",。!?;\n ") + 1
    b = min((p for p in (text.find(p, end) for p in ",。!?;\n ") if p >= 0), default=len(text))
    return text[a:b]
