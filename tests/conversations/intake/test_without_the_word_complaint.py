"""Any expression of dissatisfaction is a complaint (FCA DISP); the word 投诉 is not needed."""
from __future__ import annotations

IMPLICIT = """买来三天就开不了机
穿了一次就开胶
洗衣机一转跟拖拉机似的
修了两回了毛病还在
电池半天就没电，说好的能用两天呢
我要的黑色你给我发白的
一箱12瓶到手就10瓶
盒子里是空的
都一个礼拜了还没发货
物流三天没动过了
生日都过完了蛋糕还没来
箱子都压扁了里面全碎
显示签收，我根本没拿到
不打电话就扔驿站
约好九点来，人影都没有
师傅把我家地板划了一道
售后把我当皮球踢
保修期内凭啥收钱
说三个工作日，今天第九天
只退了一半什么意思
吊牌都没摘凭啥不能换
直接挂我电话
坐那玩手机，喊三遍没人理
页面写纯棉，标签是涤纶
标价35结账变53
会员取消不掉
桌子油乎乎的没人擦
一点付款就闪退
延误六小时连口水都没有
发票催了一个月也没开""".splitlines()


async def test_nine_of_ten_are_apologised_for_at_once(house):
    unheard = []
    for text in IMPLICIT:
        answer = await house.customer()(text)
        if not {"apology", "safety"} & set(answer.stages):
            unheard.append(text)
    assert len(IMPLICIT) == 30 and len(unheard) <= 3, unheard


async def test_a_complaint_about_the_robot_alone_is_filed_too(talk):
    await talk("你们这个机器人答非所问，太难用了，我要投诉")
    await talk.until("filed")
    assert [i["cause"] for i in talk.ticket()["issues"]] == ["complain_bot"]


async def test_who_wants_an_exchange_is_asked_for_what(talk):
    """S4-43: the wanted replacement, once; not knowing is fine."""
    await talk("买的衣服上周六到的，穿一次就开线了")
    await talk.until("demand")
    answer = await talk("换一件")
    assert answer.asks in ("model", "product", "demand") or "换" in answer.text
