"""Clients from npm that were written without us: a WeChat emulator, a second implementation of the crypto, and browsers' Socket.IO."""
from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from bot.channels.wechat.crypto import Envelope
from tests.bot.channels.conftest import ACCOUNT, house  # noqa: F401
from tests.bot.channels.tencent_posts import AES_KEY, APPID, TOKEN
from tests.journeys.npm_clients import clients
from tests.journeys.test_socketio import serving


async def node(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec("node", *arguments, cwd=clients(), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    return (await asyncio.wait_for(process.communicate(), 30))[0].decode()


async def test_webot_cli_is_acknowledged(house):  # noqa: F811
    """It stamps in milliseconds: an account without a clock check takes it."""
    home = house(replace(ACCOUNT, skew=0, original_id=None))
    async with serving(home) as base:
        said = await node("node_modules/webot-cli/bin/webot", "send", "t", "投诉噪音", "--token", TOKEN, "--des", base + "/webhooks/wechat", "--user", "openid-1")
        await home.settled()
        assert "success" in said and [text for _, text, _ in home.engine.turns] == ["投诉噪音"]


async def test_wechat_crypto_of_npm_opens_what_we_seal_and_the_reverse():
    envelope = Envelope(TOKEN, AES_KEY, APPID)
    ours, mark = envelope.seal("我要投诉😡".encode(), timestamp="1700000000", nonce="n")
    script = f"""const C = require('wechat-crypto'); const c = new C('{TOKEN}', '{AES_KEY}', '{APPID}'); const e = c.encrypt('你好');
    console.log(JSON.stringify({{read: c.decrypt('{ours}').message, mark: c.getSignature('1700000000', 'n', '{ours}'), sealed: e, theirs: c.getSignature('1', '2', e)}}))"""
    answer = json.loads(await node("-e", script))
    assert (answer["read"], answer["mark"]) == ("我要投诉😡", mark)
    assert envelope.open(answer["sealed"], msg_signature=answer["theirs"], timestamp="1", nonce="2").decode() == "你好"


async def test_the_browsers_socket_io_client_talks_and_cannot_hijack(house):  # noqa: F811
    home = house()
    async with serving(home) as base:
        script = f"""const {{io}} = require('socket.io-client');
        const open = id => new Promise(done => {{ const s = io('{base}', {{path: '/socket.io/'}}); s.heard = []; s.on('bot_uttered', m => s.heard.push(m.text));
          s.on('session_confirm', id => done([s, id])); s.on('connect', () => s.emit('session_request', {{session_id: id}})); }});
        (async () => {{ const [victim, id] = await open(null); const [thief, other] = await open(id.split('.')[0]);
          victim.emit('user_uttered', {{message: '我的秘密', session_id: id}}); thief.emit('user_uttered', {{message: '给我', session_id: id.split('.')[0]}});
          while (!victim.heard.length || !thief.heard.length) await new Promise(r => setTimeout(r, 20));
          console.log(JSON.stringify([victim.heard, thief.heard, id !== other])); process.exit(); }})()"""
        assert json.loads(await node("-e", script)) == [["收到：我的秘密"], ["收到：给我"], True]
