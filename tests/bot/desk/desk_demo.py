"""A desk with something on it, served on a port: for the browser journeys and for looking at."""
from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

import bot
from bot.desk import knowledge_api, tickets_api
from bot.desk.access import staff_dependency
from bot.desk.desk import Desk
from bot.dialogue.case import Case, CaseFact, CaseIssue, CaseRisk
from kb_connector.tickets import Complaint, Fact, Issue, Risk
from kb_connector.time import now_shanghai
from tests.bot.desk.desk_fakes import Outside, hire, make_app, make_desk

WEB = Path(bot.__file__).parent / "web" / "desk"
PASSWORD = "correct horse 9"
WASHER, COURIER, GREETING = "web:5f2c-9a1e", "wechat:oX7d-31bc", "web:77aa-04ef"


class Served:
    def __init__(self, folder: Path) -> None:
        self.desk, self.outside = make_desk(folder, now_shanghai)
        for name, role, display in (("wang", "agent", "小王"), ("li", "agent", "小李"), ("zhao", "lead", "赵主管"), ("boss", "admin", "周经理")):
            hire(self.desk, name, role, display=display, password=PASSWORD)
        self.ticket = furnish(self.desk, self.outside)
        self._server = uvicorn.Server(uvicorn.Config(site(self.desk), log_level="warning", ws="wsproto"))
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Served:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(5)

    def customer_says(self, conversation: str, text: str) -> None:
        """As the application does it: keep, then tell the pages."""
        message, _ = self.desk.transcript.accept(conversation, "web", text)
        self.desk.hub.deliver(f"conversation:{conversation}", {"type": "message", "message": message.as_json()})
        self.desk.hub.deliver("desk", {"type": "message", "conversation": conversation, "message": message.as_json()})


def site(desk: Desk) -> FastAPI:
    app = make_app(desk)
    staff = staff_dependency(desk.access)
    app.include_router(tickets_api.router(lambda: desk.records, staff))
    app.include_router(knowledge_api.router(lambda: desk.records, staff))
    app.add_api_route("/desk", lambda: FileResponse(WEB / "index.html"), include_in_schema=False)
    app.mount("/desk/static", StaticFiles(directory=WEB))
    return app


def furnish(desk: Desk, outside: Outside) -> str:
    say, bot_says = desk.transcript.accept, desk.transcript.add
    desk.records.knowledge.create({"id": "wash-1", "title": "洗衣机漏水怎么处理", "answer": "请先关水断电，不要继续使用。门封圈属于保修范围，保修期内免费检测和更换。", "source": "售后手册 3.2"})
    first, _ = say(WASHER, "web", "上周买的海风牌滚筒洗衣机一直漏水，把客厅木地板都泡了")
    bot_says(WASHER, "bot", "新买的洗衣机就漏水，还泡了地板，换谁都着急，真的对不起。请先关水断电，人离开积水的地方。现在家里人和用电都安全吗？", stage="safety",
             metadata={"stage": "safety", "sources": [{"id": "wash-1", "title": "洗衣机漏水怎么处理", "source": "售后手册 3.2"}]})
    second, _ = say(WASHER, "web", "插座旁边都是水，我闻到糊味，已经拉闸了。订单号2026111500123456")
    bot_says(WASHER, "bot", "您处理得很对。您希望我们怎样解决？", stage="wish", metadata={"stage": "wish"})
    third, _ = say(WASHER, "web", "退货退款，地板也得赔。我不想跟机器人说了，转人工！")
    ticket = desk.records.tickets.file(Complaint(
        WASHER, "web", "洗衣机漏水并有糊味，地板被泡；诉求：退货、退款、赔偿", (Issue("complain_quality", "一直漏水"), Issue("complain_injury_safety", "插座旁进水、有糊味")),
        {"product": Fact("滚筒洗衣机", "滚筒洗衣机", str(first.id)), "order_id": Fact("2026111500123456", "", str(second.id)), "contact_phone": Fact("13800138000")},
        ("退货", "退款", "赔偿"), "退货退款，地板也得赔", contact_name="林女士", contact_phone="13800138000", emotion="angry", risks=(Risk("hazard", "闻到糊味", str(second.id)),),
        severity="L3", reason="handover"), key="demo").number
    outside.cases[WASHER] = Case(
        issues=[CaseIssue("complain_quality", "上周买的海风牌滚筒洗衣机一直漏水", str(first.id)), CaseIssue("complain_injury_safety", "插座旁边都是水，我闻到糊味", str(second.id))],
        facts={"product": CaseFact("滚筒洗衣机", "滚筒洗衣机", str(first.id)), "brand": CaseFact("海风", "海风牌", str(first.id)),
               "order_id": CaseFact("2026111500123456", "2026111500123456", str(second.id)), "contact_name": CaseFact("林女士", "林女士", ""),
               "contact_phone": CaseFact("13800138000", "13800138000", "")},
        told=[{"text": m.text, "message": str(m.id)} for m in (first, second, third)], demand=["退货", "退款", "赔偿"], demand_text="退货退款，地板也得赔",
        risks={"hazard": CaseRisk("闻到糊味", str(second.id)), "ongoing_loss": CaseRisk("把客厅木地板都泡了", str(first.id))}, moods=["dissatisfied", "dissatisfied", "angry"],
        consent=True, ticket=ticket)
    desk.handovers.request(WASHER, channel="web", reason="asked for a person", severity="L3", ticket=ticket)
    bot_says(WASHER, "system", "正在为您转接人工客服，您排在下一位。", stage="handover")
    say(COURIER, "wechat", "快递显示签收了但我没收到，三天了没人管")
    outside.cases[COURIER] = Case(issues=[CaseIssue("complain_lost_damaged", "快递显示签收了但我没收到", "")], moods=["dissatisfied"])
    desk.handovers.request(COURIER, channel="wechat", reason="not understood twice", severity="L1", ticket=None)
    say(GREETING, "web", "你好，想问下发票怎么开")
    bot_says(GREETING, "bot", "您好，我是智能客服小诉。电子发票可以在订单详情里申请。", stage="answering")
    for n, (cause, what, severity) in enumerate((("complain_delivery_delay", "冰箱说好周六送到，已经晚了四天", "L1"), ("complain_attitude", "门店导购态度冷淡，问三次不理人", "L1"),
                                                 ("complain_refund", "退货一个月了退款没到账，600 元", "L2"), ("complain_price_billing", "会员自动续费没有提醒", "L2"))):
        desk.records.tickets.file(Complaint(f"web:old-{n}", "web", what, (Issue(cause, what),), demand=("退款",) if n > 1 else ("解释",), severity=severity), key=f"old-{n}")
    return ticket
