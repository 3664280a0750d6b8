"""The desk inside the real application, without a model."""
import base64

import pytest
from fastapi.testclient import TestClient

from bot.app import build
from bot.settings import SettingsError
from bot.testing import TOKEN, MovableClock, settings_in

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
API = "/api/v1/desk"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return TestClient(build(settings_in(tmp_path_factory.mktemp("wiring"), MovableClock())), headers={"Authorization": f"Bearer {TOKEN}"})


def test_the_desks_page_forbids_all_that_is_not_ours(client):
    policy = client.get("/desk").headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert "content-security-policy" not in client.get("/").headers


def test_a_photo_of_staff_can_be_looked_at_by_the_customer(client):
    desk = client.app.state.desk
    desk.transcript.accept("web-1", "web", "门封圈什么样？")
    kept = client.post(f"{API}/attachment", files={"file": ("x.png", PNG, "image/png")}, data={"conversation": "web-1"}).json()
    assert TestClient(client.app).get(kept["url"]).content == PNG


def test_a_conversation_is_read_with_its_quota_where_the_channel_has_one(client):
    client.app.state.desk.transcript.accept("web-2", "web", "你好")
    assert client.get(f"{API}/conversation", params={"id": "web-2"}).json()["channel_quota"] is None


def test_tickets_ask_the_desk_who_is_barred(client):
    assert client.get("/api/v1/tickets").json()["items"] == []


def test_a_wrong_setting_of_the_desk_stops_the_start(tmp_path, monkeypatch):
    monkeypatch.setenv("TINGSU_ONCALL_URL", "nonsense")
    with pytest.raises(SettingsError, match="TINGSU_ONCALL_URL"):
        build(settings_in(tmp_path, MovableClock()))
