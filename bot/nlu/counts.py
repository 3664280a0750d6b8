"""Counts of things, people, and scores. One of a thing is an article (一个说法), unless it is what is short: 少发一件."""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator

from bot.nlu.numerals import CN, NUMBER, rough
from bot.nlu.span import Span

ANY_NUMBER = re.compile(rf"[\d{CN}俩仨半满负⭐★]")
_MEASURES = "瓶箱件双对条套台部包袋盒张本份斤支把根粒片间堂杯碗盘串副辆架枚株盆朵吨桶罐卷盏提壶只个床棵筒板管颗块扎捆筐篮听屉客匹幅册贴"
_COUNT = re.compile(rf"(?<![{CN}\d.第每几数a-z另法])(?P<n>{NUMBER}|俩|仨)(?P<more>多|来|余)?\s?(?P<m>大箱|小箱|大包|小包|大袋|小袋|大瓶|小瓶|大盒|小盒|整箱|公斤|[{_MEASURES}])(?=(?P<after>[一-龥]{{0,3}}))")
_TIMES = re.compile(r"(?<!\d)[x×*]\s?(?P<n>[1-9]\d{0,2})(?![\da-z寸.]|\s?[x×*米厘毫cm])")
_SHORT = re.compile(r"(?:少|漏|缺|差|丢|多)(?:了|发|寄|给|装|送|放|收|上|拿|扣|退|配|出|算|赔|发了|寄了|给了|装了|送了|放了|上了)*$|只(?:发|寄|给|收到?|装|送|退|来|到|有|上|剩)了?$")
# What follows shows that no goods are counted.
_NOT_GOODS = {
    "条": "短信|消息|微信|评论|信息|差评|意见|理由|建议|新闻|人?命|路|心|规定|线|街|记录|腿|通知|热搜|留言|语音|通话|不成立|不对|道|狗",
    "张": "嘴|脸|图|照片|截图|床位|口", "句": "", "份": "的?(?:心|力|合同|工作|子|额)", "把": "年纪|火|手|汗|泪", "台": "阶|风|上|词|账", "部": "门|分|队|电影|电视剧|位|件",
    "套": "路|房(?!子)|说|餐|话|流程", "本": "来|人|店|身|地|月|周|次|该|应|想|事|期|息|金|质|领|公司|单位", "件": "事|套", "对": "不|于|方|我|他|你|待|面|着|此|应|比|讲|的|折|半|口|外|夫|情|$", "双": "十|方|休|人|标|倍|卡|面|重|向|开|层|眼|手|脚|腿|11|12", "只": "有|是|要|能|会|给|说|好|眼|手|拳|脚|耳|收|发|用|想|退|剩|不过", "根": "本|筋|据|线|毛|头发|烟|手指",
    "粒": "", "块": "钱|[零一二三四五六七八九\\d]|多|都|也|不|没|的|就|给|了|,|$|吧|呢|还|左|买|收|运|以|上|退|补|差|红|代|券|优|押|月|一|钱", 
    "包": "括|政策|规定|法|期|凭证|责任|服务|退|换|赔|邮|修|间|装|含|庇|月|年|天|过|场|厢|子", "串": "联|通|号|线", "管": "理|家|道|不|他|你|事|用|它", "提": "示|醒|前|供|出|交|现|货|到|了|过|速|升|起", "盘": "问|点|查|算", "桶": "盖", "间": "隔|断|谍|接", "支": "持|付|配|撑|行", "贴": "心|吧",
    "卷": "入|走|发", "架": "子|构", "盆": "骨", "杯": "子?具", "棵": "", "筒": "", "客": "服|户|人|气|运|厅|房|车|流|诉|单", "听": "说|不|到|了|见|力|着|完|他|你|我|歌", "副": "本|食|作用|总|经理|厂|驾", "床": "位|边", "幅": "度", "匹": "配", "升": "级|降|值|温|高|到|舱|上", "克": "服|扣|制", "斤": "斤|两|半",
    "片": "子|段|面|区|黄|渍|污|心", "颗": "星|⭐|心|牙", "堂": "而|食", "板": "子", "吨": "", "册": ""}
# 个 counts anything; these are goods.
_PIECES = re.compile(r"(?:[大小新空旧坏好破烂]|红色?|白色?|黑色?|不锈钢|玻璃|塑料|一次性)?的?(?:杯|碗|盘|锅|壶|蛋|箱|包|瓶|盒|袋|灯|苹果|瓜|橙|桃|梨|柚|蟹|菜|面包|披萨|饼|粽|轮胎|螺丝|枕|靠垫|坐垫|床|沙发|柜|架|桶|盆|花|玩具|娃娃|手办|口罩|壳|电池|充电|插[座排头]|头盔|帽|椅|凳|垫|被|"
                     r"毛巾|喇叭|订单|快递|包裹|快件|件|货|票|扣子|环|戒指|镯|表(?!示|明|哥|弟|姐|妹)|键盘|鼠标|u盘|硬盘|路由|摄像头|耳机|音箱|手机|平板|气球|汉堡|鸡腿|鸡翅|套餐|礼盒|配件|零件|滤芯|遥控|按键|轮子|把手|龙头|水管|阀|泵|电机|遮阳|伞|镜|相框|花瓶|榴莲|椰|芒果|西瓜)")
_ACQUIRED = re.compile(r"(?:买|订|定|发|寄|收|到|少|缺|漏|坏|碎|破|烂|裂|要|拿|给|拍|下单|空盒|退|换|补|剩|丢|送|装|配)(?:了|的|到|着|过|来|我)*(?:[一-龥]{1,3}(?=.$))?$")
_NOT_AFTER = {m: re.compile(f"(?:{words})") for m, words in _NOT_GOODS.items() if words}
_WRITTEN = re.compile(r"(?:短信|留言|评论|消息|信息|记录|微信|通知|差评|法)[^,。!?]{0,2}$")
_BODY = re.compile(r"(?:胖|瘦|体重|重|轻|减肥?|长|掉)(?:了|我)?$")
_FORM = re.compile(r"(?:装|规格|入|号|式|室|厅|层|用|色|制|卫|厨|级|起拍|起售|起送|以上)")
_HEADS = r"人|家长|孩子|小孩|老人|同事|同学|大人|业主|住户|客人|邻居|朋友|乘客|旅客|顾客|员工|工人|学生|娃|宝宝|亲戚|姐妹|兄弟|室友|舍友|群友|游客|病人|患者|家庭"
_PEOPLE = re.compile(rf"(?<![{CN}\d.第几每数好后末])(?P<n>{NUMBER}|俩|仨)(?P<more>多|来|几|余)?\s?(?:个(?:大|小)?(?={_HEADS})人?|号(?=人)|位(?=[^置子数]|$)|名(?=[^字单牌额次列声称]|$)|(?P<mouth>口)(?=人)|(?<=[俩仨])(?=孩子|老人|人|娃|小孩|大人)人?|户(?!口|外|型|号|籍|主)|家(?=住户|业主|人(?!的|说|都说))|"
                     rf"人(?!民|工|家|行|格|均|份|间|桌|座|房|床|餐|套|票|沙发|团|帮|组|以上|次|座|用|员|才|生|气|物|性|命|品|力|脸|字|设|机|流|参|像|手|舱))")
_HOME = re.compile(r"(?:一家(?:子)?|全家|家里|老小|老少|我们家|我家|家中)(?P<n>[二两三四五六七八九十2-9])(?P<m>口)")
_RATING = re.compile(r"(?P<zero>一星都(?:嫌多|不想?给|不配)|零分|(?<![\d.])0分|负分|一分都不(?:想|能|愿|配)|(?<=[给打])零星)|(?<![\d.百十千零第个满负加])(?P<n>[0-5]|(?!一分[不都没也别钱])[一二两三四五])\s?(?:颗|个)?(?P<u>五角星|小星星|星|分|⭐|★)(?![期钟之店级公享手类辨明割别开货钱析布子海数座光辰球巴体贝,]?(?:手机|冰箱|电视|酒店|饭店|宾馆|家|钱)|[热期钟之店级公享手类辨明割别开货钱析布子海座光辰球巴贝\d一二三四五六七八九十])|(?P<full>满分|满星|五星好评)|(?P<stars>[⭐★]{1,5})")
_LOOSE = {"俩": Decimal(2), "仨": Decimal(3)}


def find(text: str) -> Iterator[Span]:
    """People before things; of several scores the first."""
    yield from _people(text)
    yield from _goods(text)
    yield from _scores(text)


def _number(word: str) -> tuple[Decimal, bool] | None:
    return (_LOOSE[word], False) if word in _LOOSE else rough(word)


def _people(text: str) -> Iterator[Span]:
    end = -1
    for m in sorted([*_HOME.finditer(text), *_PEOPLE.finditer(text)], key=lambda m: m.start("n")):
        number = _number(m["n"])
        if m.start("n") < end or number is None or number[0] != int(number[0]) or number[0] < 2:
            continue
        end = m.end()
        yield Span("people_count", m.start("n"), m.end(), int(number[0]), 0.8, extra={"approx": True} if number[1] or m.groupdict().get("more") else {})


def _goods(text: str) -> Iterator[Span]:
    seen: set[tuple[int, str]] = set()
    for m in _COUNT.finditer(text):
        number, short = _number(m["n"]), bool(_SHORT.search(text, max(0, m.start() - 4), m.start()))
        if number is None or number[0] != int(number[0]) or number[0] < (1 if short else 2) or not _counts(m, text):
            continue
        key = int(number[0]), m["m"]
        if key not in seen:
            seen.add(key)
            yield Span("quantity", m.start("n"), m.end("m"), key[0], 0.8, extra={"approx": True} if number[1] or m["more"] else {})
    for m in _TIMES.finditer(text):
        yield Span("quantity", m.start(), m.end(), int(m["n"]), 0.8)


def _counts(m: re.Match[str], text: str) -> bool:
    """Goods, not 两个问题, 五斤装 or 胖了五斤."""
    excluded = _NOT_AFTER.get(m["m"])
    if m["n"] == "三" and m["m"] == "包" and not m["after"]:
        return False                                         # 三包 is the warranty
    if (excluded and excluded.match(text, m.end("m"))) or _FORM.match(text, m.end("m")) or (m["m"] in ("斤", "公斤") and _BODY.search(text, max(0, m.start() - 4), m.start())):
        return False
    if re.search("(?<!是)不是$", text[max(0, m.start() - 3):m.start()]) and m.start() > 3:
        return False                                         # 十九箱,不是十七箱
    if m["m"] == "把" and m["n"][-1] in "百千万":
        return False                                         # 千把块 is money
    if m.start() and text[m.start() - 1] in "块元毛" and re.fullmatch("[一二两三四五六七八九]{2}", m["n"]):
        return False                                         # 五块五一斤 is a price
    if m["m"] == "条" and _WRITTEN.search(text, max(0, m.start() - 6), m.start()):
        return False
    if m["m"] == "个":
        return bool(_PIECES.match(text, m.end("m"))) or (not m["after"] and bool(_ACQUIRED.search(text, max(0, m.start() - 7), m.start())))
    return not (m["m"] == "块" and not _is_piece(m["after"]))


def _is_piece(after: str) -> bool:
    """三块 alone is money."""
    return bool(re.match(r"蛋糕|肉|地[板砖毯]|砖|屏|表|玻璃|布|电[池瓶]|糖|饼|面包|[香肥]皂|手表|硬盘|豆腐|排骨|石|木|毛巾|瓷|橡皮|巧克力|月饼|鸡|牛排|披萨", after))


def _scores(text: str) -> Iterator[Span]:
    m = _RATING.search(text)
    if m:
        value = 0 if m["zero"] else 5 if m["full"] else len(m["stars"]) if m["stars"] else int(rough(m["n"])[0])
        yield Span("rating", m.start(), m.end(), value, 0.7)
