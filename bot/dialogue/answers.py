"""Short answers to a question that was just asked: yes, no, the second one, I do not know, I said so already.

These are closed classes of words; what is open is the NLU's business.
"""
from __future__ import annotations

import re

from bot.nlu.numerals import parse
from bot.nlu.normalise import fold

_YES = re.compile(r"^(?:嗯+|恩+|哦+|噢|对+|是+的?|好+的?|行+|中|成|可以|没错|冇错|没问题|正确|准确|属实|同意|确认|确定|没毛病|就是|都对|全对|要得|得|ok|okay|yes|y|1|✓|👌|👍|是啊|系|系的|系呀|无误|没有问题|没意见|没啥问题|妥|妥了)"
                  r"(?:[啊呀呢吧嘛哈呗的了滴哒嗯对是好行呐哇喽]|[,。!.~、 ]|就是这么?个?(?:回事|事|样|意思)|就是这样|就这样|都对|没错|没有?问题|可以|按这个来|同意|确认|提交吧?|继续吧?|冇错|请提交|这些|谢谢|我同意|没有?(?:要)?(?:补充|改)的?了?|差不多|就这些)*$")
_NOW = re.compile(r"^(?:这(?:回|下|次|样)|现在|那)(?:就|都|才)?(?=对|没错|可以|行|好)")
_NO = re.compile(r"^(?:不对|不是|错了|有误|不准确|不正确|不同意|不行|不可以|不要|不用|别|否|no|n|不$|唔|没有$|不了|算了|有(?:个)?(?:地方|一处).{0,4}(?:不对|错)|哪有|才不是|不成立|搞错|弄错|写错|记错|错)")
_SKIP = re.compile(r"不(?:太|大|是很)?(?:清楚|知(?:道)?|记得|晓得|确定|了解|懂)|记不(?:清|得|住|起)|忘(?:了|记|光)|想不起|说不(?:上|清|准|好)|没(?:记|看|注意|留|问|人|挂|法|细看|在意)|找不(?:到|着)|查不到|跳过|略过|下一(?:个|题)|无可奉告|"
                   r"(?:没有|没|冇|无)(?:什么)?(?:订单|单号|编号|批号|牌子|小票|凭证|号)|哪有什么|idk|唔知|唔记得|念不来|再说吧|先不说|过$|没有$|没得|暂时没有")
_REFUSE = re.compile(r"不(?:方便|想|愿意?|愿|肯|乐意|给|留|提供|告诉|说)(?!了)|(?:就|也|先)?(?:不|别)(?:留|填|说|给|提供)(?:了|吧)?|保密|凭什么(?:给|告诉)|匿名|免了|拒绝|隐私")
_SAID = re.compile(r"(?:刚才?|前面|之前|上面|已经|早就|方才)(?:我)?(?:都|就|不是)?(?:已经)?(?:说|讲|告诉|提|写|发)过?|说过了|不是说了|说了几遍|又问")
_SAID_PREFIX = re.compile(r"^(?:我)?(?:刚才|刚刚|前面|之前|上面|方才)?(?:都|就|不是)?(?:已经)?(?:说|讲|告诉你|提)(?:过|了)+(?:的|吗|嘛|啊)?[,。!?:、 ]*")
_DONE = re.compile(r"就(?:是)?这(?:些|样|么多)|没(?:有)?(?:别的|其他|其它|了)|说完了|讲完了|就这个事|没什么(?:要)?补充|完了|就是我(?:前面|刚才)说的|你看(?:怎么|咋)办|您看(?:怎么|咋)办|还要(?:我)?(?:说|讲)什么|接着说|继续(?:吧|说)?$|你问吧|问吧|继续记录")
_THINKING = re.compile(r"考虑|再?想(?:想|一想|一下)|回头(?:再)?说|再说吧|不急|先这样|商量|拿不定|没想(?:好|过)|看着办|看看再说|没决定|随便|都行")
_DROPS = re.compile(r"撤(?!销不了)|取消|算了|作罢|不(?:用|要|想|再|必|打算)?(?:再)?(?:投诉|告|追究|处理|管|反映|查|弄|追|登记|要了|计较|折腾)|别(?:再)?(?:投诉|处理|查|打)|关(?:掉|了|闭)(?:这个)?(?:投诉|工单|单子)|到此为止|就当|销(?:案|单)|结(?:案|单)吧|和解|私了|谈好了|解决了|弄错了|误会|认了|不告")
_COMPLAINS = re.compile(r"(?:要|想|来|必须)(?:去)?(?:投诉|反映|讨个?说法)|烦死|服了你|真服了|心累|无语|太没用|坏了|不满意|太差|差劲|太过分|欺负人|坑人|气死|没法用")
_RESTART = re.compile(r"从头(?:再)?(?:来|开始|说)|重新(?:来|开始|说|登记|填)|重来|(?:主|初始|开始)(?:菜单|页|选单)|回到(?:最)?(?:开始|开头|起点|最初)|清空|重置|restart|再来一遍|推倒")
_ANONYMOUS = re.compile(r"(?:不|别)(?:想|愿意|方便|要|会)?(?:留|给|提供|填)(?:我的)?(?:电话|手机|号码|联系方式|个人信息)|(?:电话|手机号?|号码|联系方式)(?:就)?(?:不|免)(?:留|给|提供|了)|^(?:我)?(?:要|想)?匿名")
_RULE = re.compile(r"怎么(?:算|申请|办理|退|换|开(?!不)|查|取消|关闭|收费|计算|操作|联系|才能|投诉|保修|改)|如何|多久(?:能|会|可以|到账|发货|有效)|几天(?:内|能|到)|(?:能|可以|可不可以|能不能|支持|需要|要不要|收不收|包不包|有没有).{0,12}(?:吗|么|嘛|不$|\?)|哪些|什么条件|什么流程|需要(?:什么|哪)|是什么(?:意思|规定|政策)|规定|标准是|流程|有效期|谁(?:出|承担)|从哪天算|怎么个|几点(?:上班|下班|开门|关门|营业)|营业时间|上班时间")
_OWN = re.compile(r"我(?:的|买|家|都|这|在|已经|打|申请了|等|交|付|花)|给我|凭(?:什么|啥)|还没|都.{0,8}(?:天|次|遍|个月)了|没人|气|骗|坏了|不给|拒|为什么(?:不|还)|一直|你们(?:怎么|凭|都|就)|怎么(?:又|还|老|不)")
_AGE = re.compile(r"(?:我|本人)(?:今年|现在|才|只有|刚满|刚)?\s*(\d{1,2}|[一二三四五六七八九十]{1,3})岁")
_ORDINAL = re.compile(r"(?:第|选|要|就|按|方案|选项)?\s*([一二两三四五六七八1-8])\s*(?:个|号|种|项|条|方案)?")
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


def says_nothing(text: str) -> bool:
    """Punctuation only: 「……」."""
    return bool(re.fullmatch(r"[\s.。…,，!！?？~～、;；:：'\"-]*", text))


def drops_it(text: str) -> bool:
    """Words without which nobody withdraws a complaint."""
    return bool(_DROPS.search(fold(text)))


def plainly_complains(text: str) -> bool:
    """Says that there is a complaint, in so many words."""
    return bool(_COMPLAINS.search(fold(text))) and not asks_a_rule(text)


def says_broken(text: str) -> bool:
    return "坏了" in fold(text) or "没法用" in fold(text)


def starts_over(text: str) -> bool:
    return bool(_RESTART.search(fold(text)))


def keeps_contact_back(text: str) -> bool:
    """不留电话, 匿名: an answer to the consent question before it was asked."""
    return bool(_ANONYMOUS.search(fold(text)))


def asks_a_rule(text: str) -> bool:
    """A short question about how things are done, without a grievance of one's own."""
    folded = fold(text)
    return len(folded) <= 30 and bool(_RULE.search(folded)) and not _OWN.search(folded)


def childs_age(text: str) -> int | None:
    """The age that a child says of itself."""
    m = _AGE.search(fold(text))
    age = parse(m[1]) if m else None
    return int(age) if age is not None and age < 14 else None


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
