"""A desk for each test, and people to work at it."""
import pytest
from fastapi.testclient import TestClient

from tests.bot.desk.desk_fakes import API, C, Clock, hire, make_app, make_desk


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def made(tmp_path, clock):
    made = make_desk(tmp_path, clock)
    yield made
    made[0].engine.dispose()


@pytest.fixture
def desk(made):
    return made[0]


@pytest.fixture
def outside(made):
    return made[1]


@pytest.fixture
def app(desk):
    return make_app(desk)


@pytest.fixture
def enter(desk, app):
    def enter(name, role="agent", **more):
        hire(desk, name, role, **more)
        client = TestClient(app)
        client.headers["X-CSRF-Token"] = client.post(f"{API}/login", json={"name": name, "password": "correct horse 9"}).json()["csrf"]
        return client
    return enter


@pytest.fixture
def waiting(desk):
    """A customer who asked for a person."""
    desk.transcript.accept(C, "web", "洗衣机漏水，把地板泡了，我要人工")
    desk.handovers.request(C, channel="web", reason="asked for a person", severity="L2", ticket=None)
