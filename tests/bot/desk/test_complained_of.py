"""Who is meant when a customer names somebody."""
import pytest

from bot.desk.complained_of import complained_of, staff_said
from bot.desk.staff import Staff
from bot.dialogue.case import Case, CaseFact

WANG = Staff("wang.q", "王强", "agent", work_number="8023")


@pytest.mark.parametrize("who, said", [
    (WANG, "王强"), (WANG, "你们的王强经理"), (WANG, "王 强"), (WANG, "工号8023"), (WANG, "8023号客服"), (WANG, "WANG.Q"), (Staff("a1", "客服小王", "agent"), "小王"),
    (Staff("a2", "小王", "agent"), "客服小王"), (Staff("a3", "赵主管", "lead"), "赵主管"), (Staff("a4", "李女士", "agent"), "前台李女士")])
def test_a_name_an_account_or_a_work_number_means_this_person(who, said):
    assert complained_of(who, [said])


@pytest.mark.parametrize("who, said", [
    (WANG, "客服"), (WANG, "王经理"), (WANG, "80231"), (WANG, "18023"), (WANG, "王"), (Staff("admin", "管理员", "admin"), "你们管理员"), (Staff("k1", "客服", "agent"), "客服"),
    (Staff("l1", "客服主管", "lead"), "客服主管"), (WANG, ""), (Staff("x", "王", "agent"), "小王")])
def test_a_job_title_or_another_number_means_nobody(who, said):
    assert not complained_of(who, [said])


def test_both_the_understood_and_the_spoken_name_count():
    assert staff_said(Case(facts={"staff": CaseFact("王强", "那个叫王强的")})) == ("王强", "那个叫王强的")
    assert staff_said(None) == ()
