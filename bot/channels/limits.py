"""Rate limits: a token bucket per key, in this process."""
from __future__ import annotations

import time
from collections import OrderedDict


class RateLimit:
    """`rate` per second on average, `burst` at once. `take` gives 0.0 or the seconds to wait."""

    def __init__(self, rate: float, burst: int, *, enabled: bool = True, most: int = 20_000) -> None:
        self._rate, self._burst, self._enabled, self._most = rate, burst, enabled, most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        if not self._enabled:
            return 0.0
        now = time.monotonic()
        level, at = self._buckets.pop(key, (float(self._burst), now))
        level = min(self._burst, level + (now - at) * self._rate)
        if len(self._buckets) >= self._most:
            self._buckets.popitem(last=False)
        wait = 0.0 if level >= 1 else (1 - level) / self._rate
        self._buckets[key] = (level - 1 if not wait else level, now)
        return wait
