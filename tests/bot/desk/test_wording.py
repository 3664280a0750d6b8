"""The desk's words: every notice has its sentence, and the tone check knows a hurtful one from a kind one."""
import pytest

from bot.desk.handover import MOVES
from bot.desk.rules import load_roles
from bot.desk.wording import desk_words, lint
from bot.dialogue.case import Case
from bot.dialogue.wording import Phrasebook

FEWEST = {"queue_position": {"position": 2, "minutes": 6}, "queue_accepted": {"agent": "小王", "role": "客服专员"}, "supervisor_joined": {"agent": "赵主管"},
          "queue_off_hours": {"opening": "明天9:00", "hotline": "400"}, "queue_next": {}}


@pytest.mark.parametrize("key", sorted({m.says for m in MOVES.values() if m.says} | set(FEWEST)))
def test_the_phrasebook_says_every_change_of_hands(key):
    assert Phrasebook.load().say(key, Case(), seed="c1", **FEWEST.get(key, {}))


@pytest.mark.parametrize("text", ["你怎么用也不会", "你懂不懂最基本的技巧", "你这是无理取闹", "随便你投诉", "投诉也没用"])
def test_hurtful_sentences_are_blocked(text):
    assert "block" in {f.level for f in lint(text)}


@pytest.mark.parametrize("text", ["这不归我们管", "急什么", "我们一定给您赔", "谁让你自己不看清楚", "我们全责"])
def test_doubtful_sentences_are_pointed_out(text):
    assert [f.level for f in lint(text)] and all(f.level == "warn" for f in lint(text))


@pytest.mark.parametrize("text", ["给您添麻烦了，真的对不起。", "我现在核实，10 分钟内告诉您进展。", "您先照顾好家人，别着急，我在。", "你们的心情我理解", "请您放心，我会一直跟进。", ""])
def test_kind_sentences_pass(text):
    assert lint(text) == []


def test_what_a_finding_points_at_is_what_stands_there():
    text = "您好。您怎么不早说"
    [found] = lint(text)
    assert text[found.start:found.end] == found.text == "您怎么不"


def test_every_list_has_names():
    words = desk_words()
    assert all(words[kind] for kind in ("outcomes", "faults", "root_cause", "issue_statuses", "task_statuses", "timeline", "canned"))
    assert all(role.name for role in load_roles().values())
