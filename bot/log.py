"""Logs: one JSON line per event; the conversation is bound once in reception; never a customer's words or number."""
from __future__ import annotations

import logging
import re
import sys
import warnings

import structlog

_PRIVATE = re.compile(r"1[3-9]\d{9}|\d{15,19}[\dXx]?")


def configure(level: str = "INFO") -> None:
    """Once per process, before anything else logs."""
    warnings.filterwarnings("ignore")
    warnings.showwarning = lambda *_, **__: None             # libraries that switch their deprecation notes back on
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(levelname)s %(name)s %(message)s")
    logging.disable(logging.DEBUG)                            # bm25s sets its own level when imported
    for noisy in ("rasa", "rasa_sdk", "matplotlib", "apscheduler", "jieba", "bm25s", "alembic"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=False),
                    _without_numbers, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)), logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False)


def _without_numbers(_: object, __: str, event: dict) -> dict:
    """A last net: phone, identity and card numbers never reach a log line."""
    return {k: _PRIVATE.sub("***", v) if isinstance(v, str) else v for k, v in event.items()}
