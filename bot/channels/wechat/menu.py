"""The Official Account's own menu, as a YAML file: at most three buttons, each with at most five below it.

    - name: 我要投诉            # a click is a message with this text
    - name: 帮助
      buttons:
        - {name: 查进度, says: 我想查一下投诉进度}
        - {name: 退换政策, url: "https://shop.example/policy"}
"""
from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import structlog
import yaml

from bot.channels.jobs import Jobs
from bot.channels.tencent import Refused
from bot.channels.wechat.api import WechatApi
from bot.reception.delivery import DeliveryFailed
from bot.settings import SettingsError

log = structlog.get_logger()
_TOP, _BELOW, _NAME, _NAME_BELOW, _KEY, _URL = 3, 5, 16, 60, 128, 1024


def load(path: str) -> list[dict[str, Any]]:
    """Tencent's `button` list; SettingsError names the file and what is wrong."""
    try:
        rows = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise SettingsError(f"{path}: {str(exc).splitlines()[0]}") from exc
    return _buttons(rows, path, _TOP, _NAME)


def _buttons(rows: Any, path: str, most: int, longest: int) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not 1 <= len(rows) <= most:
        raise SettingsError(f"{path}: needs a list of 1 to {most} buttons")
    return [_button(row, path, longest, below_allowed=most == _TOP) for row in rows]


def _button(row: Any, path: str, longest: int, *, below_allowed: bool) -> dict[str, Any]:
    name = str(row.get("name") or "") if isinstance(row, dict) else ""
    if not name or len(name.encode()) > longest:
        raise SettingsError(f"{path}: {name or row!r} needs a name of at most {longest} bytes")
    if unknown := set(row) - {"name", "says", "url", "buttons"}:
        raise SettingsError(f"{path}: {name}: unknown key {sorted(unknown)[0]!r}")
    if "buttons" in row and below_allowed:
        return {"name": name, "sub_button": _buttons(row["buttons"], path, _BELOW, _NAME_BELOW)}
    made = {"type": "view", "url": str(row["url"])} if row.get("url") else {"type": "click", "key": str(row.get("says") or name)}
    if "buttons" in row or len(made.get("key", "").encode()) > _KEY or len(made.get("url", "").encode()) > _URL:
        raise SettingsError(f"{path}: {name}: too deep or too long")
    return {"name": name, **made}


class Menus:
    """Creates an account's menu once for each version of the file; a failure is tried again at the next round."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def create(self, account: str, api: WechatApi, buttons: list[dict[str, Any]]) -> bool:
        """True once Tencent has it."""
        mark, version = f"wechat-menu:{account}", hashlib.sha256(json.dumps(buttons, sort_keys=True).encode()).hexdigest()
        if self._jobs.cursor(mark) == version:
            return True
        try:
            await api.menu(buttons)
        except (Refused, DeliveryFailed) as exc:
            log.warning("wechat_menu_not_created", account=account, error=str(exc))
            return False
        self._jobs.move(mark, version)
        log.info("wechat_menu_created", account=account)
        return True
