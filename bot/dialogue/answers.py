"""Short answers to a question that was just asked: yes, no, the second one, I do not know, I said so already.

These are closed classes of words; what is open is the NLU's business.
"""
from __future__ import annotations

import re

from bot.nlu.normalise import fold
from bot.nlu.numerals import parse

_YES = re.compile(r"^(?:嗯+|恩+|哦+|噢|对+|是+的?|好+的?|行+|中|成|可以|没错|冇错|没问题|正确|准确|属实|同意|确认|确定|没毛病|就是|都对|全对|要得|得|ok|okay|yes|y|1|✓|👌|👍|是啊|系|系的|系呀|无误|没有问题|没意见|没啥问题|妥|妥了)"
                  r"(?:[啊呀呢吧嘛哈呗的了滴哒嗯对是好行呐哇喽]|[,。!.~、 ]|就是这么?个?(?:回事|事|样|意思)|就是这样|就这样|都对|没错|没有?问题|可以|按这个来|同意|确认|提交吧?|继续吧?|冇错|请提交|这些|谢谢|我同意|没有?(?:要)?(?:补充|改)的?了?|差不多|就这些)*$")
_NOW = re.compile(r"^(?:这(?:回|下|次|样)|现在|那)(?:就|都|才)?(?=对|没错|可以|行|好)")
_NO = re.compile(r"^(?:不对|不是|错了|有误|不准确|不正确|不同意|不行|不可以|不要|不用|别|否|no|n|不$|唔|没有$|不了|算了|有(?:个)?(?:地方|一处).{0,4}(?:不对|错)|哪有|才不是|不成立|搞错|弄错|写错|记错|错)")
_SKIP = re.compile(r"不(?:太|大|是很)?(?:清楚|知(?:道)?|记得|晓得|确定|了解|懂)|记不(?:清|得|住|起)|忘(?:了|记|光)|想不起|说不(?:上|清|准|好)|没(?:记|看|注意|留|问|人|挂|法|细看|在意)|找不(?:到|着)|查不到|跳过|略过|下一(?:个|题)|无可奉告|"
                   r"(?:没有|没|冇|无)(?:什么)?(?:订单|单号|编号|批号|牌子|小票|凭证|号)|哪有什么|idk|唔知|唔记得|念不来|再说吧|先不说|过$|没有$|没得|暂时没有")
_REFUSE = re.compile(r"不(?:方便|想|愿意?|愿|肯|乐意|给|留|提供|告诉|说)(?!了)|(?:就|也|先)?(?:不|别)(?:留|填|说|给|提供)(?:了|吧)?|保密|凭什么(?:给|告诉)|匿名|免了|拒绝|隐私")
_SAID = re.compile(r"(?:刚才?|前面|之前|上面|已经|早就|方才)(?:我)?(?:都|就|不是)?(?:已经)?(?:说|讲|告诉|提|写|发)过?|说过了|不是说了|说了几遍|又问")
_SAID_PREFIX = re.compile(r"^(?:我)?(?:刚才|刚刚|前面|之前|上面|方才)?(?:都|就|不是)?(?:已经)?(?:说|讲|告诉你|提)(?:过|了)+(?:的|吗|嘛|啊)?[,。!?:、 ]*")
_DONE = re.compile(r"就(?:是)?这(?:些|样|么多)|没(?:有)?(?:别的|其他|其它|了)|说完了|讲完了|就这个事|没什么(?:要)?补充|完了|就是我(?:前面|刚才)说的|你看(?:怎么|咋)办|您看(?:怎么|咋)办|还要(?:我)?(?:说|讲)什么|接着(?:说|问)|继续(?:吧|说|问)?$|你问吧|问吧|继续记录")
_THINKING = re.compile(r"考虑|再?想(?:想|一想|一下)|回头(?:再)?说|再说吧|不急|先这样|商量|拿不定|没想(?:好|过)|看着办|看看再说|没决定|随便|都行")
_LAST = re.compile(r"最后(?:一)?(?:个|种|项|条)")


def is_yes(text: str) -> bool:
    return bool(_YES.match(_NOW.sub("", fold(text).strip(" ,。.!~"))))


def is_no(text: str) -> bool:
    return bool(_NO.match(fold(text).strip()))


def does_not_know(text: str) -> bool:
    folded = fold(text)
    return len(folded) <= 30 and bool(_SKIP.search(folded))


def will_not_say(text: str) -> bool:
    folded = fold(text)
    return len(folded) <= 30 and bool(_REFUSE.search(folded))


def already_said(text: str) -> bool:
    folded = fold(text)
    return len(folded) <= 40 and bool(_SAID.search(folded))


def without_reproach(text: str) -> str:
    """「刚才说过了,飞驰快递」 → 「飞驰快递」; the text itself where nothing remains."""
    m = _SAID_PREFIX.match(fold(text))
    rest = text[m.end():].strip(" ，,。！!") if m else text.strip()
    return rest


def is_thinking(text: str) -> bool:
    """我考虑考虑, 再想想, 不急: neither yes nor no."""
    return bool(_THINKING.search(fold(text)))


def wants_nothing(text: str) -> bool:
    """没了, 没什么要求: the answer to what is wished."""
    return bool(re.fullmatch(r"(?:也)?(?:没|没有|不要|无)(?:了|什么|啥|别的|要求|想法|诉求|特别的|其他的?|其它的?|想要的)*(?:要求|了|的)?[,。!]*", fold(text)))


def has_finished(text: str) -> bool:
    folded = fold(text)
    return len(folded) <= 24 and bool(_DONE.search(folded)) and not re.search(r"再见|再会|拜|挂了|88|回头见", folded)


def ordinal(text: str, labels: list[str]) -> int | None:
    """Index of the option that `text` picks: by number, by name, or 最后一个."""
    folded = fold(text)
    if m := re.search(r"(?:第|选|选项|方案)\s*([一二两三四五六七八1-8])", folded) or re.match(r"^\s*([一二三四五六七八1-8])\s*(?:个|号|种|项|吧|。|,|$)", folded):
        n = int(parse(m[1]) or 0)
        if 1 <= n <= len(labels):
            return n - 1
    if _LAST.search(folded) and labels:
        return len(labels) - 1
    named = [(folded.find(fold(label)), i) for i, label in enumerate(labels) if fold(label) in folded]
    return min(named)[1] if named else None
