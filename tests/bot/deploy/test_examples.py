"""The examples beside the production page agree with each other and with the program."""
from __future__ import annotations

import re
from pathlib import Path

import yaml

from bot.settings import ROOT, Settings

DEPLOY = ROOT / "bot" / "deploy"


def _settings_named(text: str) -> set[str]:
    return set(re.findall(r"\bTINGSU_[A-Z_]+\b", text))


def test_compose_starts_workers_on_redis_and_postgresql_that_are_healthy_first() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"tingsu", "postgres", "redis"}
    assert services["tingsu"]["depends_on"] == {"postgres": {"condition": "service_healthy"}, "redis": {"condition": "service_healthy"}}
    given = services["tingsu"]["environment"]
    read = Settings.from_environment({**{k: "x" for k in given}, "TINGSU_DATABASE_URL": given["TINGSU_DATABASE_URL"].replace("${POSTGRES_PASSWORD:?}", "p"),
                                      "TINGSU_REDIS_URL": given["TINGSU_REDIS_URL"]})
    assert read.database_url.startswith("postgresql+psycopg://") and read.redis_url


def test_kubernetes_sends_no_customer_to_a_pod_that_cannot_answer() -> None:
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes.yml").read_text(encoding="utf-8")))
    assert [d["kind"] for d in documents] == ["Deployment", "Service", "HorizontalPodAutoscaler"]
    pod = documents[0]["spec"]["template"]["spec"]["containers"][0]
    assert pod["readinessProbe"]["httpGet"]["path"] == "/readyz" and pod["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert documents[1]["spec"]["selector"] == documents[0]["spec"]["selector"]["matchLabels"]
    assert documents[0]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_the_image_is_made_from_folders_that_exist_and_the_locked_python() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    for source in re.findall(r"^COPY (.+) \S+$", text, re.M):
        assert all((ROOT / name).exists() for name in source.split()), source
    assert f"python:{(ROOT / '.python-version').read_text(encoding='ascii').strip()}" in text


def test_the_settings_that_the_examples_name_are_settings_of_the_program() -> None:
    known = _settings_named("".join(p.read_text(encoding="utf-8") for p in Path(ROOT / "bot").rglob("*.py")))
    for file in DEPLOY.iterdir():
        assert _settings_named(file.read_text(encoding="utf-8")) <= known, file.name
