"""What a message says by its words alone, whatever was asked: it urges, waits, drops the matter, asks for a rule, starts a story. Closed classes of words."""
from __future__ import annotations

import re

from bot.nlu.normalise import fold
from bot.nlu.numerals import parse

_WAIT = re.compile(r"^(?:那|好|哦|嗯|你|您)?(?:先)?(?:等(?:等|下|一下|一会儿?|会儿?|我)|稍等|别急|慢着|容我)|我(?:去|先)?(?:找|翻|看|查)(?:一)?(?:下|找|翻|看|查)")
_DROPS = re.compile(r"撤(?!销不了)|取消|算了|作罢|不(?:用|要|想|再|必|打算)?(?:再)?(?:投诉|告|追究|处理|管|反映|查|弄|追|登记|要了|计较|折腾)|别(?:再)?(?:投诉|处理|查|打)|关(?:掉|了|闭)(?:这个)?(?:投诉|工单|单子)|到此为止|就当|销(?:案|单)|结(?:案|单)吧|和解|私了|谈好了|解决了|弄错了|误会|认了|不告")
_COMPLAINS = re.compile(r"(?:要|想|来|必须)(?:去)?(?:投诉|反映|讨个?说法)|烦死|服了你|真服了|心累|无语|太没用|坏(?:了|的)|不满意|太差|差劲|太过分|欺负人|坑人|气死|没法用")
_RESTART = re.compile(r"从头(?:再)?(?:来|开始|说)|重新(?:来|开始|说|登记|填)|重来|(?:主|初始|开始)(?:菜单|页|选单)|回到(?:最)?(?:开始|开头|起点|最初)|清空|重置|restart|再来一遍|推倒")
_ANONYMOUS = re.compile(r"(?:不|别)(?:想|愿意|方便|要|会)?(?:留|给|提供|填)(?:我的)?(?:电话|手机|号码|联系方式|个人信息)|(?:电话|手机号?|号码|联系方式)(?:就)?(?:不|免)(?:留|给|提供|了)|^(?:我)?(?:要|想)?匿名")
_RULE = re.compile(r"怎么(?:算|申请|办理|退|换|开(?!不)|查|取消|关闭|收费|计算|操作|联系|才能|投诉|保修|改)|如何|多久(?:能|会|可以|到账|发货|有效)|几天(?:内|能|到)|(?:能|可以|可不可以|能不能|支持|需要|要不要|收不收|包不包|有没有).{0,12}(?:吗|么|嘛|不$|\?)|哪些|什么条件|什么流程|需要(?:什么|哪)|是什么(?:意思|规定|政策)|规定|标准是|流程|有效期|谁(?:出|承担)|从哪天算|怎么个|几点(?:上班|下班|开门|关门|营业)|营业时间|上班时间")
_OWN = re.compile(r"我(?:的|买|家|都|这|在|已经|打|申请了|等|交|付|花)|给我|凭(?:什么|啥)|还没|都.{0,8}(?:天|次|遍|个月)了|没人|气|骗|坏了|不给|拒|为什么(?:不|还)|一直|你们(?:怎么|凭|都|就)|怎么(?:又|还|老|不)")
_STANDS = re.compile(r"(?:怎么|咋|为啥|为什么|都|到现在|一直)?(?:还)?没(?:有)?(?:人|消息|动静|回音|下文|进展|结果|回复|联系|给我(?:打|回)).{0,8}|(?:到底|究竟)?处理(?:得|到)?(?:没有?|怎么样|哪|好了)|到哪(?:一)?步|有(?:消息|结果|进展|动静)(?:了)?(?:吗|没)|进度|查到(?:了)?(?:吗|没)|(?:多久|几天|什么时候|啥时候|何时).{0,8}(?:答复|回复|结果|处理|解决|联系|打(?:给|电话)|回(?:我|话|电)|有(?:人|信))")
_URGES = re.compile(r"(?:能|可以|请|麻烦|给我)?(?:不能|不可以)?.{0,3}(?:快(?:点|一点|些|着点)|抓紧|加急|催(?:一下|一催|催)|赶紧的)")
_ROBOT = re.compile(r"机器人|(?i:ai)|智能|客服|系统|人话|听(?:得|不)?懂|答非|复读|翻来覆去|重复|笨|傻|蠢|智障|没用|废话|套话|敷衍|驴唇|文不对题|遍|又问|还问|自动回复|模板|搞不懂|明白我|理解")
_BEGINS = re.compile(r"你们|你家|咱们|我(?:爸|妈|家|买|订|在|的|这|想|跟)|他们|她们|这(?:个|事|家|件)|那(?:个|家|件)|想(?:问|说|反映)|有(?:个|件)事|是这样|东西")
_AGE = re.compile(r"(?:我|本人)(?:今年|现在|才|只有|刚满|刚)?\s*(\d{1,2}|[一二三四五六七八九十]{1,3})岁")


def asks_to_wait(text: str) -> bool:
    """等下，我翻一下发票: the question stays open."""
    folded = fold(text)
    return len(folded) <= 18 and bool(_WAIT.search(folded)) and not re.search(r"\d{3}|多久|几天|什么时候|[?]", folded)


def says_nothing(text: str) -> bool:
    """Punctuation only: 「……」."""
    return bool(re.fullmatch(r"[\s.。…,，!！?？~～、;；:：'\"-]*", text))


def drops_it(text: str) -> bool:
    """Words without which nobody withdraws a complaint."""
    return bool(_DROPS.search(fold(text)))


def keeps_it(text: str) -> bool:
    """还是要投诉, 别撤: the complaint stays."""
    return bool(re.search(r"还是(?:要|得)?(?:投诉|告|继续|处理)|(?:不|别|先别|先不)(?:要)?撤|继续(?:投诉|处理|办)|留着", fold(text)))


def plainly_complains(text: str) -> bool:
    """Says that there is a complaint, in so many words."""
    return bool(_COMPLAINS.search(fold(text))) and not asks_a_rule(text)


def says_broken(text: str) -> bool:
    return bool(re.search(r"坏(?:了|的)|没法用", fold(text)))


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


def asks_where_it_stands(text: str) -> bool:
    """怎么还没人给我打电话, 到底处理没有啊: a question about a complaint made before."""
    folded = fold(text)
    return len(folded) <= 24 and bool(_STANDS.search(folded))


def urges(text: str) -> bool:
    """能快点吗, 催一下: no question about a rule."""
    folded = fold(text)
    return len(folded) <= 20 and bool(_URGES.search(folded))


def only_digits(text: str) -> str | None:
    """尾号3333: the last four digits of a phone, and nothing else."""
    m = re.fullmatch(r"(?:手机|电话|号码)*(?:尾号|后四位|最后四位|末四位)?(?:是|:)?\s*(\d{4})[,。!的吧啊]*", fold(text))
    return m[1] if m else None


def is_about_the_robot(text: str) -> bool:
    """Words without which nobody complains about the robot."""
    return bool(_ROBOT.search(fold(text)))


def begins_to_tell(text: str) -> bool:
    """你们这个快递啊, 我爸的药: a scrap from which a story starts."""
    folded = fold(text)
    return 2 <= len(folded) <= 16 and bool(_BEGINS.search(folded)) and not folded.endswith("?")
