"""Settings of the channels: `TINGSU_WECHAT_*`, `TINGSU_WECOM_*`, `TINGSU_WEBHOOK_*`. A channel without them is off."""
from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.settings import ROOT, SettingsError, _dotenv

_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_NAME = re.compile(r"[a-z0-9]{1,20}")


@dataclass(frozen=True)
class WechatAccount:
    """One Official Account. `mode` plain | compat | safe; `replies` active | passive; `handover` desk | transfer."""

    name: str
    appid: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str | None = field(default=None, repr=False)
    original_id: str | None = None
    mode: str = "plain"
    replies: str = "active"
    handover: str = "desk"
    menus: bool = True
    skew: int = 300                       # seconds a timestamp may be off; 0 turns the check off
    api: str = "https://api.weixin.qq.com"
    menu: str | None = None               # a YAML file; see bot/channels/wechat/menu.py


@dataclass(frozen=True)
class WecomSettings:
    """WeCom customer service. `handover` desk: our staff answer; transfer: Tencent's client does."""

    corpid: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    handover: str = "desk"
    max_age: int = 600                    # on a cold start older messages are kept but not answered
    skew: int = 300
    api: str = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True)
class WebhookSettings:
    """The generic channel: one secret signs both ways, replies go to `reply_url`."""

    secret: str = field(repr=False)
    reply_url: str
    skew: int = 300


@dataclass(frozen=True)
class ChannelSettings:
    wechat: tuple[WechatAccount, ...] = ()
    wecom: WecomSettings | None = None
    webhook: WebhookSettings | None = None
    identity_secret: str | None = field(default=None, repr=False)      # what the company's site signs its customers' tokens with

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> ChannelSettings:
        """From `environment` (the process's over `.env` by default); SettingsError names the variable that is wrong."""
        given = {**_dotenv(ROOT / ".env"), **os.environ} if environment is None else environment
        return cls(_accounts(given), _wecom(given), _webhook(given), _identity(given))


def _accounts(given: Mapping[str, str]) -> tuple[WechatAccount, ...]:
    """`TINGSU_WECHAT_APPID` alone, or `TINGSU_WECHAT_ACCOUNTS=main,shop` and `TINGSU_WECHAT_MAIN_APPID` and so on."""
    names = [n.strip().lower() for n in given.get("TINGSU_WECHAT_ACCOUNTS", "").split(",") if n.strip()]
    if wrong := [n for n in names if not _NAME.fullmatch(n)]:
        raise SettingsError(f"TINGSU_WECHAT_ACCOUNTS: {wrong[0]!r} needs up to 20 letters or digits")
    prefixes = [(n, f"TINGSU_WECHAT_{n.upper()}_") for n in names]
    if given.get("TINGSU_WECHAT_APPID"):
        prefixes.insert(0, ("wx", "TINGSU_WECHAT_"))
    accounts = tuple(_account(given, name, prefix) for name, prefix in prefixes)
    if len(accounts) > 1 and any(not a.original_id for a in accounts):
        raise SettingsError("TINGSU_WECHAT_…_ORIGINAL_ID: several accounts are told apart by it (gh_…)")
    return accounts


def _account(given: Mapping[str, str], name: str, prefix: str) -> WechatAccount:
    mode = _one_of(given, prefix + "MODE", ("plain", "compat", "safe"))
    key = _aes_key(given, prefix + "AES_KEY", needed=mode != "plain")
    return WechatAccount(name, _needed(given, prefix + "APPID"), _needed(given, prefix + "SECRET"), _needed(given, prefix + "TOKEN"), key,
                         given.get(prefix + "ORIGINAL_ID") or None, mode, _one_of(given, prefix + "REPLIES", ("active", "passive")),
                         _one_of(given, prefix + "HANDOVER", ("desk", "transfer")), _one_of(given, prefix + "MENUS", ("on", "off")) == "on",
                         _number(given, prefix + "SKEW", 300), given.get(prefix + "API") or WechatAccount.api, given.get(prefix + "MENU") or None)


def _wecom(given: Mapping[str, str]) -> WecomSettings | None:
    if not given.get("TINGSU_WECOM_CORPID"):
        return None
    key = _aes_key(given, "TINGSU_WECOM_AES_KEY", needed=True)
    return WecomSettings(given["TINGSU_WECOM_CORPID"], _needed(given, "TINGSU_WECOM_SECRET"), _needed(given, "TINGSU_WECOM_TOKEN"), key or "",
                         _one_of(given, "TINGSU_WECOM_HANDOVER", ("desk", "transfer")), _number(given, "TINGSU_WECOM_MAX_AGE", 600),
                         _number(given, "TINGSU_WECOM_SKEW", 300), given.get("TINGSU_WECOM_API") or WecomSettings.api)


def _webhook(given: Mapping[str, str]) -> WebhookSettings | None:
    if not given.get("TINGSU_WEBHOOK_SECRET"):
        return None
    return WebhookSettings(given["TINGSU_WEBHOOK_SECRET"], _needed(given, "TINGSU_WEBHOOK_REPLY_URL"), _number(given, "TINGSU_WEBHOOK_SKEW", 300))


def _identity(given: Mapping[str, str]) -> str | None:
    secret = given.get("TINGSU_IDENTITY_SECRET") or None
    if secret and len(secret.encode()) < 32:
        raise SettingsError("TINGSU_IDENTITY_SECRET: needs at least 32 characters")
    return secret


def _needed(given: Mapping[str, str], key: str) -> str:
    if not given.get(key):
        raise SettingsError(f"{key}: is missing")
    return given[key]


def _aes_key(given: Mapping[str, str], key: str, *, needed: bool) -> str | None:
    value = _needed(given, key) if needed else given.get(key)
    if value and not _KEY.fullmatch(value):
        raise SettingsError(f"{key}: needs the 43 characters of the EncodingAESKey")
    return value or None


def _one_of(given: Mapping[str, str], key: str, choices: tuple[str, ...]) -> str:
    value = given.get(key) or choices[0]
    if value not in choices:
        raise SettingsError(f"{key}: {value!r} is none of {', '.join(choices)}")
    return value


def _number(given: Mapping[str, str], key: str, default: int) -> int:
    value = given.get(key) or str(default)
    if not value.isdigit():
        raise SettingsError(f"{key}: {value!r} is no whole number")
    return int(value)
