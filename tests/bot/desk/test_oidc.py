"""Signing in with the company's account."""
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot import http_errors
from bot.desk import accounts_api, audit_api, conversations_api, oidc_api
from bot.desk.oidc import Provider
from bot.desk.settings import DeskSettings, Oidc
from bot.settings import SettingsError
from tests.bot.desk.desk_fakes import API, hire
from tests.bot.desk.fake_issuer import CLIENT, ISSUER, SECRET, Issuer

ENVIRONMENT = {"TINGSU_OIDC_ISSUER": ISSUER + "/", "TINGSU_OIDC_CLIENT_ID": CLIENT, "TINGSU_OIDC_CLIENT_SECRET": SECRET, "TINGSU_OIDC_ROLES": "leads=lead, complaints=agent"}


@pytest.fixture
def issuer():
    return Issuer()


def site(desk, issuer, **changes):
    settings = replace(DeskSettings.from_environment(ENVIRONMENT).oidc, **changes)
    desk = replace(desk, settings=DeskSettings(oidc=settings))
    app = FastAPI()
    http_errors.install(app)
    for part in (accounts_api, conversations_api, audit_api):
        app.include_router(part.router(desk))
    app.include_router(oidc_api.router(desk, Provider(settings, issuer.client())))
    return TestClient(app, base_url="https://desk.example", follow_redirects=False)


@pytest.fixture
def browser(desk, issuer):
    return site(desk, issuer)


def begin(browser):
    """What the browser takes along to the provider."""
    sent = browser.get(f"{API}/oidc/login")
    assert sent.status_code == 302 and sent.headers["location"].startswith(f"{ISSUER}/authorize?")
    return {k: v[0] for k, v in parse_qs(urlsplit(sent.headers["location"]).query).items()}


def come_back(browser, **query):
    return browser.get(f"{API}/oidc/callback", params=query)


def sign_in(browser, issuer):
    asked = begin(browser)
    return come_back(browser, state=asked["state"], code=issuer.consent(asked))


def test_the_first_sign_in_makes_an_account_with_the_groups_role(browser, issuer, desk):
    answer = sign_in(browser, issuer)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("tingsu_desk=")).lower()
    assert "httponly" in cookie and "secure" in cookie and "samesite=lax" in cookie
    me = browser.get(f"{API}/me").json()
    assert (me["staff"]["name"], me["staff"]["display"], me["staff"]["role"], me["staff"]["must_change"]) == ("wang.qiang", "王强", "agent", False)
    assert me["csrf"] and browser.get(f"{API}/queue").status_code == 200
    assert sign_in(browser, issuer).headers["location"] == "/desk"
    assert [s.name for s in desk.access.accounts.all()] == ["wang.qiang"]


def test_the_request_carries_state_nonce_and_a_proof_key(browser):
    first, second = begin(browser), begin(browser)
    assert first["code_challenge_method"] == "S256" and first["response_type"] == "code" and first["redirect_uri"] == f"https://desk.example{API}/oidc/callback"
    for secret in ("state", "nonce", "code_challenge"):
        assert len(first[secret]) >= 43 and first[secret] != second[secret]


def test_name_and_role_follow_the_provider(browser, issuer, desk):
    sign_in(browser, issuer)
    issuer.user |= {"name": "王强（主管）", "groups": ["leads", "complaints"]}
    sign_in(browser, issuer)
    now = desk.access.accounts.get("wang.qiang")
    assert (now.display, now.role) == ("王强（主管）", "lead")


def test_a_local_account_of_the_same_name_is_not_taken_over(browser, issuer, desk):
    hire(desk, "wang.qiang", "director")
    sign_in(browser, issuer)
    assert browser.get(f"{API}/me").json()["staff"]["name"] == "wang.qiang2"
    assert desk.access.accounts.get("wang.qiang").role == "director"


def test_no_password_opens_an_account_of_the_provider(browser, issuer):
    sign_in(browser, issuer)
    assert browser.post(f"{API}/login", json={"name": "wang.qiang", "password": ""}).status_code == 401


def refused(answer, code):
    return (answer.status_code, answer.headers["location"]) == (303, f"/desk?sign_in={code}") and "tingsu_desk" not in answer.headers.get("set-cookie", "")


def test_a_code_works_once(browser, issuer):
    asked = begin(browser)
    code = issuer.consent(asked)
    come_back(browser, state=asked["state"], code=code)
    assert refused(come_back(browser, state=asked["state"], code=code), "expired")


def test_another_browsers_sign_in_cannot_be_finished(browser, issuer, desk):
    asked = begin(browser)
    other = TestClient(browser.app, base_url="https://desk.example", follow_redirects=False)
    begin(other)
    assert refused(come_back(other, state=asked["state"], code=issuer.consent(asked)), "expired")
    assert come_back(browser, state=asked["state"], code=issuer.consent(asked)).headers["location"] == "/desk"


def test_a_sign_in_must_not_take_longer_than_ten_minutes(browser, issuer, clock):
    asked = begin(browser)
    clock.ahead(minutes=11)
    assert refused(come_back(browser, state=asked["state"], code=issuer.consent(asked)), "expired")


@pytest.mark.parametrize("query, code", [({"state": "invented", "code": "x"}, "expired"), ({"code": "x"}, "expired"), ({}, "expired")])
def test_an_invented_answer_is_refused(browser, query, code):
    begin(browser)
    assert refused(come_back(browser, **query), code)


def test_somebody_who_says_no_comes_back_to_the_login_page(browser):
    assert refused(come_back(browser, state=begin(browser)["state"], error="access_denied"), "denied")


@pytest.mark.parametrize("lie", [
    {"nonce": "another"}, {"nonce": None}, {"aud": "somebody-else"}, {"iss": "https://evil.example"}, {"exp": 1}, {"exp": None}, {"sub": None}, {"iat": None},
    {"aud": [CLIENT, "other"]}, {"aud": [CLIENT, "other"], "azp": "other"}], ids=str)
def test_a_token_that_is_not_beyond_doubt_is_refused(browser, issuer, desk, lie):
    issuer.lie = lie
    assert refused(sign_in(browser, issuer), "not_verified")
    assert desk.access.accounts.all() == []


def test_a_token_signed_by_somebody_else_is_refused(browser, issuer):
    issuer.forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert refused(sign_in(browser, issuer), "not_verified")


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_unsigned_tokens_and_shared_secrets_prove_nothing(browser, issuer, algorithm, monkeypatch):
    plain = jwt.encode
    monkeypatch.setattr(jwt, "encode", lambda claims, key, **_: plain(claims, "" if algorithm == "none" else SECRET * 3, algorithm=algorithm, headers={"kid": "k1"}))
    assert refused(sign_in(browser, issuer), "not_verified")


def test_a_new_key_is_learned_and_the_description_is_read_once(browser, issuer):
    sign_in(browser, issuer)
    issuer.key, issuer.kid = rsa.generate_private_key(public_exponent=65537, key_size=2048), "k2"
    assert sign_in(browser, issuer).headers["location"] == "/desk"
    assert issuer.reads.count("/.well-known/openid-configuration") == 1 and issuer.reads.count("/keys") == 2


def test_whoever_has_no_fitting_group_stays_outside(browser, issuer, desk):
    issuer.user["groups"] = ["kitchen"]
    assert refused(sign_in(browser, issuer), "no_role")
    assert sign_in(site(desk, issuer, default_role="auditor"), issuer).headers["location"] == "/desk"
    assert desk.access.accounts.get("wang.qiang").role == "auditor"


def test_a_role_may_stand_deep_in_the_token(desk, issuer):
    issuer.user["realm_access"] = {"roles": ["leads"]}
    sign_in(site(desk, issuer, role_claim="realm_access.roles"), issuer)
    assert desk.access.accounts.get("wang.qiang").role == "lead"


def test_a_blocked_account_stays_blocked(browser, issuer, desk):
    sign_in(browser, issuer)
    desk.access.accounts.change("wang.qiang", {"active": False})
    assert refused(sign_in(browser, issuer), "blocked")


def test_the_last_administrator_is_not_degraded_by_the_provider(desk, issuer):
    browser = site(desk, issuer, roles={"complaints": "admin", "leads": "lead"})
    sign_in(browser, issuer)
    issuer.user["groups"] = ["leads"]
    assert sign_in(browser, issuer).headers["location"] == "/desk"
    assert desk.access.accounts.get("wang.qiang").role == "admin"


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(browser, issuer):
    issuer.auth_methods = ["client_secret_post"]
    assert sign_in(browser, issuer).headers["location"] == "/desk"


def test_a_provider_that_is_away_is_said(browser, issuer):
    issuer.away = True
    assert refused(browser.get(f"{API}/oidc/login"), "provider_away")


def test_a_sign_in_leaves_a_row_for_the_auditor(browser, issuer, desk):
    issuer.user["groups"] = ["leads"]
    browser = site(desk, issuer, roles={"leads": "manager"})
    sign_in(browser, issuer)
    assert browser.get(f"{API}/audit", params={"event": "signed_in"}).json()["items"][0]["actor"] == "wang.qiang"


def test_it_is_off_unless_it_is_set_up(app):
    client = TestClient(app)
    assert client.get(f"{API}/oidc").json() == {"enabled": False, "name": None, "start": None}
    assert client.get(f"{API}/oidc/login").json()["error"]["code"] == "not_configured"


@pytest.mark.parametrize("wrong, words", [
    ({"TINGSU_OIDC_ISSUER": "id.example"}, "TINGSU_OIDC_ISSUER"), ({"TINGSU_OIDC_ISSUER": "http://id.example"}, "TINGSU_OIDC_ISSUER: needs https"),
    ({"TINGSU_OIDC_CLIENT_ID": ""}, "TINGSU_OIDC_CLIENT_ID: is missing"), ({"TINGSU_OIDC_CLIENT_SECRET": ""}, "TINGSU_OIDC_CLIENT_SECRET: is missing"),
    ({"TINGSU_OIDC_ROLES": "leads"}, "TINGSU_OIDC_ROLES"), ({"TINGSU_OIDC_ROLES": "leads=king"}, "'king' is none of"), ({"TINGSU_OIDC_DEFAULT_ROLE": "king"}, "DEFAULT_ROLE")])
def test_wrong_settings_are_one_clear_error_at_the_start(wrong, words):
    with pytest.raises(SettingsError, match=words):
        DeskSettings.from_environment({**ENVIRONMENT, **wrong})


def test_the_secret_is_in_no_log():
    assert SECRET not in repr(DeskSettings.from_environment(ENVIRONMENT)) and isinstance(DeskSettings.from_environment(ENVIRONMENT).oidc, Oidc)
