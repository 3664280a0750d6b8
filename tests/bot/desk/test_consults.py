"""Asking a colleague inside a conversation."""
from tests.bot.desk.desk_fakes import API, C


def note(client, text):
    return client.post(f"{API}/note", json={"conversation": C, "text": text})


def test_a_colleague_written_with_an_at_sign_is_asked_and_answers_by_a_note(enter, waiting):
    wang, li = enter("wang", display="小王"), enter("li", display="小李")
    with li.websocket_connect("/ws/desk") as line:
        assert line.receive_json() == {"type": "ready"}
        assert note(wang, "@小李帮我看看这批门封圈有没有召回").json()["consults"] == ["li"]
        frames = [line.receive_json()["event"] for _ in range(2)]
        assert [f["type"] for f in frames] == ["note", "consult"]
        assert frames[1]["to"] == ["li"] and frames[1]["conversation"] == C and frames[1]["display"] == "小王"
    [asked] = li.get(f"{API}/consults").json()["items"]
    assert (asked["asked_by"], asked["conversation"], asked["display"]) == ("wang", C, "小王")
    assert li.get(f"{API}/conversation", params={"id": C}).json()["notes"][0]["consults"] == ["li"]
    with wang.websocket_connect("/ws/desk") as line:
        line.receive_json()
        assert note(li, "没有召回，但 11 月那批在排查").json()["answers"] == ["wang"]
        assert [line.receive_json()["event"]["type"] for _ in range(2)] == ["note", "consult_answered"]
    assert li.get(f"{API}/consults").json()["items"] == []


def test_several_are_asked_by_account_name_and_one_may_put_it_aside(enter, waiting):
    wang, li = enter("wang"), enter("li")
    enter("sun")
    assert wang.post(f"{API}/consult", json={"conversation": C, "text": "谁处理过这家承运方？", "to": ["li", "sun", "li"]}).json()["consults"] == ["li", "sun"]
    [asked] = li.get(f"{API}/consults").json()["items"]
    assert wang.post(f"{API}/consults/{asked['id']}/done").status_code == 404
    assert li.post(f"{API}/consults/{asked['id']}/done").status_code == 204
    assert li.get(f"{API}/consults").json()["items"] == []


def test_nobody_asks_a_stranger_or_themselves(enter, waiting):
    wang = enter("wang")
    enter("sun", "auditor")
    ask = lambda *to: wang.post(f"{API}/consult", json={"conversation": C, "text": "在吗", "to": list(to)})      # noqa: E731
    assert ask("nobody").status_code == 422
    assert ask("sun").status_code == 422
    assert ask("wang").json()["consults"] == []
    assert note(wang, "联系 a@wang.com 和 @wangwang").json()["consults"] == []


def test_the_longer_name_is_meant_where_two_fit(enter, waiting):
    wang = enter("wang")
    enter("li", display="小李"), enter("lizi", display="小李子")
    assert note(wang, "@小李子看看").json()["consults"] == ["lizi"]
    assert note(wang, "@小李子 @li 看看").json()["consults"] == ["lizi", "li"]


def test_a_note_needs_a_conversation(enter):
    assert enter("wang").post(f"{API}/note", json={"conversation": "nope", "text": "x"}).status_code == 404
