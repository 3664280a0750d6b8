"""Prometheus figures of the HTTP side."""
from __future__ import annotations

import time
from typing import Any

from prometheus_client import Counter, Histogram

REQUESTS = Counter("tingsu_http_requests_total", "HTTP requests by route and status.", ["route", "status"])
SECONDS = Histogram("tingsu_http_seconds", "Seconds per HTTP request by route.", ["route"], buckets=(.005, .01, .02, .04, .08, .16, .32, .64, 1.3, 2.6, 5))


class Measured:
    """Plain ASGI middleware: counts what it wraps and times it."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watch(message: dict[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            REQUESTS.labels(route, status).inc()
            SECONDS.labels(route).observe(time.perf_counter() - started)
