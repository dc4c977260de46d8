"""Many clients at once, of which some hang up, on upstreams of which some fail, while the configuration is reloaded.

Each whole answer must be the one that was meant for that request. The point is what a sanitized build says of it.
"""

import random
import threading

from support import bodies, http1
from support.house import EASY
from support.replies import Reply, cut_after, fail_midstream, refuse
from support.sse import error_of

CLIENTS = 16
ROUNDS = 25


def answer(exchange):
    """An answer that repeats the question, and a failure for those who ask for one."""
    text = exchange.request.json["messages"][-1]["content"]
    if "[cut]" in text:
        framings = ["chunked", "length", "close"] if exchange.wants_stream else ["chunked", "length"]
        cut_after(300, framing=random.choice(framings))(exchange)
    elif "[refuse]" in text:
        refuse(529)(exchange)
    elif "[fail]" in text and exchange.wants_stream:
        fail_midstream()(exchange)
    elif "[reset]" in text:
        cut_after(300, reset=True)(exchange)
    else:
        Reply(f"You said: {text}", framing=random.choice(["chunked", "close"]))(exchange)


class Visitor(threading.Thread):
    def __init__(self, house, number):
        super().__init__(daemon=True)
        self.house, self.number = house, number
        self.choose = random.Random(number)
        self.problem = None

    def run(self):
        try:
            client = self.house.basin.client()
            for turn in range(ROUNDS):
                client = self.visit(client, f"{self.number}-{turn}")
            client.close()
        except Exception as problem:
            self.problem = problem

    def visit(self, client, name):
        kind = self.choose.choice(["plain"] * 6 + ["[cut]", "[refuse]", "[fail]", "[reset]", "leave", "leave early"])
        text = f"{EASY} {name} {kind} {'word ' * self.choose.randrange(400)}"
        stream = self.choose.random() < 0.6
        body = bodies.wire(bodies.body("anthropic", self.house.models["own"], text, stream=stream, session=name))
        client.start("POST", "/v1/messages", body, bodies.headers("anthropic"))
        if kind == "leave early":
            return self.again(client)
        if kind == "leave":
            client.head()
            return self.again(client)
        response = client.finish()
        if kind == "[refuse]":
            assert response.status == 529
        elif kind == "plain":
            assert response.status == 200 and response.complete
            assert name.encode() in response.body, "somebody else's answer"
        elif kind in ("[cut]", "[reset]"):
            assert not response.complete or response.status >= 500 or error_of("anthropic", response.body)
        usable = response.complete and (response.headers.get("connection") or "").lower() != "close"
        return client if usable else self.again(client)

    def again(self, client):
        client.close()
        return self.house.basin.client()


def test_a_crowd_gets_each_its_own(house):
    h = house()
    h.script.default = answer
    crowd = [Visitor(h, number) for number in range(CLIENTS)]
    for visitor in crowd:
        visitor.start()
    for _ in range(5):
        assert http1.once(h.basin.port, "POST", "/basin/reload").status == 200
        assert h.basin.get("/basin/decisions?limit=20")
        assert h.basin.request("GET", "/metrics").status == 200
    for visitor in crowd:
        visitor.join(120)
        assert not visitor.is_alive(), "a client waits for ever"
    problems = [(v.number, v.problem) for v in crowd if v.problem]
    assert not problems, problems
    h.basin.assert_well()
