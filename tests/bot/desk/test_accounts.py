"""Signing in: who may, who may not, and what it takes."""
import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from bot import http_errors
from bot.desk import totp
from bot.desk.access import staff_dependency
from bot.desk.accounts import first_password
from bot.desk.rules import load_roles, load_rules
from tests.bot.desk.desk_fakes import TOKEN, Clock, hire, make_app, make_desk

API = "/api/v1/desk"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(tmp_path, clock):
    return make_desk(tmp_path, clock)[0]


@pytest.fixture
def client(desk):
    return TestClient(make_app(desk))


def sign_in(client, name, password="correct horse 9"):
    answer = client.post(f"{API}/login", json={"name": name, "password": password})
    client.headers["X-CSRF-Token"] = answer.json().get("csrf", "")
    return answer


def test_the_first_password_is_given_once_and_must_be_changed(desk, client):
    once = first_password(desk.engine)
    assert first_password(desk.engine) is None
    assert sign_in(client, "admin", once).json()["staff"]["must_change"] is True
    assert client.get(f"{API}/queue").json()["error"]["code"] == "password_change_required"
    assert client.post(f"{API}/password", json={"old": once, "new": "short"}).status_code == 422
    assert client.post(f"{API}/password", json={"old": once, "new": "a long new one"}).status_code == 204
    assert client.get(f"{API}/queue").status_code == 200
    assert sign_in(client, "admin", once).status_code == 401


def test_five_wrong_passwords_lock_the_account_for_a_while(desk, client, clock):
    hire(desk, "wang")
    assert [sign_in(client, "wang", "wrong").status_code for _ in range(6)] == [401] * 5 + [423]
    assert sign_in(client, "wang").status_code == 423
    clock.ahead(minutes=16)
    assert sign_in(client, "wang").status_code == 200


def test_an_unknown_name_and_a_wrong_password_look_alike(desk, client):
    hire(desk, "wang")
    assert sign_in(client, "nobody", "x").json() == sign_in(client, "wang", "x").json()


def test_the_cookie_is_hidden_from_scripts_and_other_sites(desk, client):
    hire(desk, "wang")
    cookie = sign_in(client, "wang").headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie


def test_changing_calls_by_cookie_need_the_csrf_token(desk, client):
    hire(desk, "wang")
    sign_in(client, "wang")
    client.headers.pop("X-CSRF-Token")
    assert client.post(f"{API}/presence").status_code == 403
    assert client.post(f"{API}/presence", headers={"Authorization": "Basic x"}).status_code == 403
    assert client.get(f"{API}/queue").status_code == 200


def test_the_machine_token_works_without_csrf_and_a_wrong_one_does_not(client):
    assert client.get(f"{API}/me", headers={"Authorization": f"Bearer {TOKEN}"}).json()["staff"]["role"] == "admin"
    refused = client.get(f"{API}/me", headers={"Authorization": "Bearer wrong"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")
    assert client.get(f"{API}/me").status_code == 401


def test_a_second_factor_is_asked_for_and_no_code_works_twice(desk, client, clock):
    hire(desk, "wang")
    sign_in(client, "wang")
    secret = client.get(f"{API}/second_factor").json()["secret"]
    wanted = {"password": "correct horse 9", "secret": secret}
    assert client.put(f"{API}/second_factor", json={**wanted, "code": "000000"}).json()["error"]["code"] == "wrong_code"
    step = int(clock().timestamp() // totp.STEP)
    assert client.put(f"{API}/second_factor", json={**wanted, "code": totp.code(secret, step)}).status_code == 204
    assert sign_in(client, "wang").json()["error"]["code"] == "code_required"
    entry = {"name": "wang", "password": "correct horse 9", "code": totp.code(secret, step)}
    assert client.post(f"{API}/login", json=entry).status_code == 401
    clock.ahead(seconds=totp.STEP)
    entry["code"] = totp.code(secret, step + 1)
    assert [client.post(f"{API}/login", json=entry).status_code for _ in range(2)] == [200, 401]
    desk.access.accounts.reset("wang")
    assert not desk.access.accounts.get("wang").second_factor


def test_codes_are_those_of_the_standard():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"                    # RFC 6238, appendix B
    assert [totp.code(secret, t // 30) for t in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]
    assert totp.matching_step(secret, "二三四五六七", 59) is None


def test_sessions_end_by_logout_by_time_and_with_the_account(desk, client, clock):
    hire(desk, "wang")
    sign_in(client, "wang")
    token = client.cookies["tingsu_desk"]
    assert client.post(f"{API}/logout").status_code == 204
    assert desk.access.session_of(token) is None
    sign_in(client, "wang")
    clock.ahead(hours=load_rules().idle_hours, seconds=1)
    assert client.get(f"{API}/me").status_code == 401
    sign_in(client, "wang")
    machine = {"Authorization": f"Bearer {TOKEN}"}
    assert TestClient(client.app).patch(f"{API}/staff/wang", json={"active": False}, headers=machine).status_code == 200
    assert client.get(f"{API}/me").status_code == 401
    assert sign_in(client, "wang").status_code == 401


def test_only_administrators_see_the_accounts(desk, client):
    hire(desk, "wang")
    hire(desk, "boss", "admin")
    sign_in(client, "wang")
    assert client.get(f"{API}/staff").json()["error"]["code"] == "forbidden"
    sign_in(client, "boss")
    made = client.post(f"{API}/staff", json={"name": "li", "display": "小李", "role": "agent", "skills": ["logistics"]})
    assert made.status_code == 201 and len(made.json()["password"]) >= 12
    assert client.post(f"{API}/staff", json={"name": "li", "display": "小李", "role": "agent"}).status_code == 409
    assert client.post(f"{API}/staff", json={"name": "x1", "display": "x", "role": "king"}).status_code == 422
    assert client.post(f"{API}/staff", json={"name": "x1", "display": "x", "role": "agent", "skills": ["magic"]}).status_code == 422
    assert client.patch(f"{API}/staff/boss", json={"role": "agent"}).json()["error"]["code"] == "last_admin"
    assert sign_in(client, "li", client.post(f"{API}/staff/li/reset").json()["password"]).json()["staff"]["must_change"]
    assert "password" not in str(desk.access.accounts.get("li").as_json())


def test_other_apis_can_ask_for_the_same_staff(desk):
    app = FastAPI()
    http_errors.install(app)
    guard = staff_dependency(desk.access, "audit")

    @app.get("/x")
    def read(who=Depends(guard)):
        return [who.name, who.role, who.display]
    hire(desk, "wang")
    client = TestClient(app)
    assert client.get("/x", headers={"Authorization": f"Bearer {TOKEN}"}).json() == ["api", "admin", "接口"]
    token, _ = desk.access.sessions.open("wang")
    assert client.get("/x", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_every_role_of_the_brief_is_there():
    assert set(load_roles()) == {"agent", "lead", "manager", "director", "complaint_manager", "auditor", "admin"}
