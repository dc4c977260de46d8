"""Nothing grows for ever: not with sessions, not with decisions, not with connections, not with what clients invent."""

import json

from support import bodies
from support.replies import Reply
from support.upstream import Script

ROUNDS = 6000


def test_many_conversations_do_not_grow_the_process(house):
    """Each request is a conversation, a client and a decision of its own; after the warm-up, memory stands still."""
    h = house(script=Script(default=Reply("ok", extras=False)))
    client = h.basin.client()

    def burst(first, count):
        for i in range(first, first + count):
            text = f"fix the typo number {i} in README " + "and leave the rest as it is " * 20
            body = bodies.wire(bodies.body("anthropic", h.models["own"], text, session=f"session-{i}"))
            headers = [*bodies.headers("anthropic", key=f"sk-client-{i}"), (f"x-invented-{i}", "v")]
            assert client.request("POST", "/v1/messages", body, headers).status == 200

    burst(0, ROUNDS // 3)
    settled = h.basin.memory_kb()
    burst(ROUNDS // 3, ROUNDS - ROUNDS // 3)
    client.close()
    grown = h.basin.memory_kb() - settled
    # The last 10,000 decision records are kept, and pins are small: 4,000 more of both, at 3 KB, is 12 MB.
    assert grown < 16 << 10, f"{grown} KB more after {ROUNDS} conversations"


def test_the_newest_decisions_are_kept_and_the_oldest_forgotten(house):
    h = house(script=Script(default=Reply("ok", extras=False)))
    body = bodies.wire(bodies.body("anthropic", h.models["own"], "fix the typo"))
    ids = []
    with h.basin.client() as client:
        for _ in range(10_001):
            response = client.request("POST", "/v1/messages", body, bodies.headers("anthropic"))
            ids.append(response.headers.get("x-basin-decision-id"))
    assert len(set(ids)) == len(ids)
    assert h.basin.request("GET", f"/basin/decisions/{ids[0]}").status == 404
    for kept in (ids[1], ids[-1]):
        assert h.basin.get(f"/basin/decisions/{kept}")["id"] == kept
    assert len(json.dumps(h.basin.get("/basin/decisions"))) < 4 << 20


def test_a_huge_ask_is_not_kept_in_its_record(house):
    h = house()
    text = "fix the typo in this: " + "abcdefgh " * 200_000
    body = bodies.wire(bodies.body("anthropic", h.models["own"], text))
    response = h.basin.request("POST", "/v1/messages", body, bodies.headers("anthropic"))
    assert response.status == 200
    assert len(json.dumps(h.basin.decision(response))) < 64 << 10


def test_prompts_and_keys_are_written_nowhere(house):
    """The house's judge looks for the keys; here the words of a prompt are looked for too, on disk and in the log."""
    h = house()
    words = "fix the typo in my canary-prompt-8c1e"
    body = bodies.wire(bodies.body("anthropic", h.models["own"], words))
    h.basin.request("POST", "/v1/messages", body, bodies.headers("anthropic"))
    h.basin.request("POST", "/v1/messages", body[:-4], bodies.headers("anthropic"))
    h.basin.stop()
    assert "canary-prompt-8c1e" not in h.basin.log
    for path in h.home.path.rglob("*"):
        if path.is_file():
            assert b"canary-prompt-8c1e" not in path.read_bytes(), path
    h.basin = None
