"""An abstract customer and an abstract company around the pure protocol: no Rasa, no words, no records."""
from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

from bot.dialogue.case import Case
from bot.dialogue.decide import decide
from bot.dialogue.steps import Step
from bot.dialogue.hear import hear
from bot.dialogue.take import take
from bot.dialogue.understood import Found, Grievance, RiskSign, Understood

NUMBER = "C261123ABCD"
OPTIONS = [{"id": "repair", "label": "免费维修"}, {"id": "replace", "label": "换新"}, {"id": "refund", "label": "退货退款"}]
VALUES = {"product": "洗衣机", "brand": "海风", "model": "W3", "batch_no": "L2405B", "order_id": "TS20260222", "tracking_no": "SD7300047514", "ticket_id": NUMBER,
          "time": "2026-11-21", "store": "万达店", "address": "和平路3号", "amount": "460", "quantity": "2", "people_count": "5", "staff": "工号12", "company": "听诉百货",
          "courier": "顺达快递", "phone": "13800001234", "person": "李静", "rating": "3", "demand": "退款"}
ANSWERS = {"contact_phone": ("phone", "13800001234"), "when": ("time", "上周六"), "where": ("store", "万达店"), "product": ("product", "洗衣机"), "order_id": ("order_id", "TS20260222"),
           "tracking_no": ("tracking_no", "SD7300047514"), "ticket_id": ("ticket_id", NUMBER), "amount": ("amount", "四百六"), "staff": ("staff", "工号12"),
           "courier": ("courier", "顺达快递"), "address": ("address", "和平路3号"), "demand": ("demand", "退款")}
ENDS = ("ticket_seen", "handover", "withdrawn")


@dataclass(frozen=True, repr=False)
class Said:
    """What a message is like; `fitting` answers the open question instead, or complains; `button` presses one."""

    intent: str = "provide_facts"
    confidence: float = 0.9
    text: str = "事情就是这样的呀"
    entities: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    emotion: str = "calm"
    secret: bool = False
    fitting: bool = False
    button: str | None = None

    def __repr__(self) -> str:
        """Only what is out of the ordinary: a failing walk is long enough."""
        return f"Said({', '.join(f'{k}={v!r}' for k, v in vars(self).items() if v != getattr(type(self), k))})"

    def understood(self, case: Case, message: str, at: float) -> Understood:
        if self.fitting:
            return fitting_answer(case.pending, message, at) if case.pending else COMPLAINT.understood(case, message, at)
        return Understood(text=self.text, message=message, intent=self.intent, confidence=self.confidence, emotion=self.emotion, at=at, choice=self.button,
                          entities=tuple(Found(e, VALUES[e], VALUES[e]) for e in self.entities), issues=tuple(Grievance(c, self.text) for c in self.issues),
                          risks=tuple(RiskSign(r, self.text) for r in self.risks), secrets=("bank_card",) if self.secret else ())


def fitting_answer(asked: str, message: str, at: float) -> Understood:
    if asked in ANSWERS:
        entity, text = ANSWERS[asked]
        return Understood(text=text, message=message, intent="provide_demand" if asked == "demand" else "provide_facts", confidence=0.95, at=at,
                          entities=(Found(entity, text, VALUES[entity]),))
    if asked == "option":
        return Understood(text="第二个", message=message, intent="affirm", confidence=0.8, at=at)
    if asked == "rating":
        return Understood(text="三分", message=message, intent="rate", confidence=0.9, at=at, entities=(Found("rating", "三分", "3"),))
    yes = asked in ("confirm", "consent", "withdraw")
    return Understood(text="对" if yes else "都挺好的没事", message=message, intent="affirm" if yes else "provide_facts", confidence=0.95, at=at)


@dataclass
class Walk:
    """One conversation; `log` keeps what was said and done."""

    case: Case = field(default_factory=Case)
    log: list[tuple[Said, list[Step]]] = field(default_factory=list)
    records_away: bool = False

    def copy(self) -> Walk:
        return Walk(deepcopy(self.case), list(self.log), self.records_away)

    def say(self, said: Said) -> list[Step]:
        """One message, the whole chain of steps that answers it."""
        turn = len(self.log) + 1
        self.case = hear(self.case, said.understood(self.case, str(turn), float(turn)))
        steps: list[Step] = []
        while (step := decide(self.case)).name != "listen" and len(steps) < 12:
            take(self.case, step)
            steps.append(step)
            act(self.case, step, away=self.records_away)
            if self.records_away and step.name == "file_ticket":
                steps.append(Step("request_handover", "the ticket system is away"))      # the action's own follow-up
                take(self.case, steps[-1])
        self.log.append((said, steps))
        return steps

    @property
    def ended(self) -> bool:
        return any(getattr(self.case, end) for end in ENDS)

    def __str__(self) -> str:
        return "\n".join(f"{i}. {said} → {[s.name + (':' + s.asks if s.asks else '') for s in steps]}" for i, (said, steps) in enumerate(self.log, 1))


def act(case: Case, step: Step, *, away: bool = False) -> None:
    """What the actions do to the case (their words aside)."""
    case.disclosed = True
    if step.name in ("file_risk", "request_handover", "file_ticket") and (case.complains or case.risks):
        if not away:
            case.ticket = case.ticket or NUMBER
        elif step.name == "file_ticket":
            case.ticket_seen, case.handover = False, "the ticket system is away"
        elif step.name == "file_risk":
            case.handover = "the ticket system is away"
    elif step.name == "propose_remedy":
        case.proposed = [dict(o) for o in OPTIONS]
    elif step.name == "take_choice":
        case.pending = None
    elif step.name == "take_rating":
        case.pending = "rating" if case.rating is None else None


COMPLAINT = Said("complain_quality", text="洗衣机用了三天就漏水了", issues=("complain_quality",))
FIT = Said(fitting=True)
PERSON = (Said("ask_human", 0.95, "转人工"), Said("out_of_scope", 0.3, "转人工"), Said("chitchat", 0.6, "我要找个真人"), Said("affirm", text="", button="human"))


def to_the_end(walk: Walk, most: int = 14) -> int:
    """Turns that a willing customer needs from here to a number, a withdrawal or a person."""
    for turn in range(most):
        if walk.ended:
            return turn
        walk.say(FIT)
    return most


def reached(stage: str) -> Walk:
    """A conversation that rests at `stage`, reached as customers reach it; apology and filed only pass by within a turn."""
    walk = Walk()
    for said in _PATHS[stage]:
        walk.say(said)
    return walk


_FURIOUS = Said("complain_quality", text="洗衣机漏水气死我了", issues=("complain_quality",), emotion="furious")
_FILED = (COMPLAINT, *[FIT] * 8)
_PATHS: dict[str, tuple[Said, ...]] = {
    "greeting": (Said("greet", text="你好"),), "listening": (_FURIOUS,), "collecting": (COMPLAINT,),
    "safety": (Said("vulnerable_user", text="孩子才九岁", risks=("minor",)),),
    "consent": (COMPLAINT, *[FIT] * 4), "wish": (COMPLAINT, *[FIT] * 3), "confirming": (COMPLAINT, *[FIT] * 6),
    "remedy": (COMPLAINT, *[FIT] * 7), "agreement": _FILED, "answering": (Said("ask_policy", text="七天无理由怎么算"),),
    "status": (*_FILED, Said("ask_progress", text="我的投诉到哪一步了")), "handover": (COMPLAINT, PERSON[0]), "survey": (*_FILED, Said("rate", text="我来打个分")),
    "closing": (*_FILED, Said("goodbye", text="再见了")), "fallback": (Said("out_of_scope", 0.1, "叽里咕噜"),)}
STAGES_REACHED = tuple(_PATHS)
