"""The widget's socket: who one is, what one says, what comes back, and that nobody reads along."""
from __future__ import annotations

import asyncio
import json
import uuid

import httpx
import pytest
import websockets


async def opened(server, **hello):
    socket = await websockets.connect(server.base.replace("http", "ws") + "/ws/chat", max_size=2**22)
    await socket.send(json.dumps({"type": "hello", **hello}))
    return socket, await until(socket, "session")


async def until(socket, kind: str, **fields):
    """The next event of that kind; others pass by."""
    while True:
        event = json.loads(await asyncio.wait_for(socket.recv(), 15))
        if event["type"] == kind and all(event.get("message", {}).get(k) == v for k, v in fields.items()):
            return event


async def test_a_message_is_accepted_then_answered_with_metadata(server):
    socket, _ = await opened(server)
    await socket.send(json.dumps({"type": "message", "id": str(uuid.uuid4()), "text": "上周六买的洗衣机漏水"}))
    assert (await until(socket, "accepted"))["message"]
    reply = (await until(socket, "message", actor="bot"))["message"]
    assert reply["stage"] == "apology" and reply["metadata"]["actor"] == "bot" and "options" in reply["metadata"]
    await socket.close()


async def test_the_conversation_is_there_again_after_a_reload(server):
    socket, welcome = await opened(server)
    await socket.send(json.dumps({"type": "message", "id": str(uuid.uuid4()), "text": "快递一个礼拜没到"}))
    await until(socket, "message", actor="bot")
    await socket.close()
    again, second = await opened(server, token=welcome["token"])
    assert "快递一个礼拜没到" in json.dumps(second, ensure_ascii=False)
    await again.close()


async def test_a_forged_token_opens_a_new_conversation(server):
    first, welcome = await opened(server)
    conversation = welcome["token"].rpartition(".")[0]
    second, other = await opened(server, token=f"{conversation}.forged")
    assert other["token"].rpartition(".")[0] != conversation
    await first.close()
    await second.close()


async def test_ping_and_garbage(server):
    socket, _ = await opened(server)
    await socket.send(json.dumps({"type": "ping"}))
    await until(socket, "pong")
    await socket.send("not json")
    await socket.send(json.dumps({"type": "unheard_of"}))
    await socket.send(json.dumps({"type": "ping"}))
    await until(socket, "pong")
    await socket.close()


@pytest.mark.parametrize("content, status", [(b"\x89PNG\r\n\x1a\n" + b"0" * 64, 201), (b"<html><script>", 415), (b"", 415)], ids=["png", "html", "empty"])
async def test_only_photos_are_kept(server, content, status):
    socket, welcome = await opened(server)
    async with httpx.AsyncClient(base_url=server.base) as calls:
        sent = await calls.post("/api/v1/uploads", files={"file": ("a.png", content)}, data={"token": welcome["token"]})
        stolen = await calls.post("/api/v1/uploads", files={"file": ("a.png", content)}, data={"token": "x.y"})
    assert sent.status_code in {status, 422 if status == 415 else status} and stolen.status_code == 401
    await socket.close()
