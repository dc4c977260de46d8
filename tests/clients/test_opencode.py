"""opencode, through Basin, in each dialect that its providers speak."""

import json

import pytest

from support import bodies, clients
from support.fidelity import assert_faithful, with_model
from support.house import HARD, MODELS
from support.relay import Relay
from support.replies import Reply, call
from support.upstream import Script

pytestmark = pytest.mark.clients


@pytest.fixture(autouse=True)
def installed():
    clients.require_clients()


def in_turn(*behaviours):
    """A behaviour that uses these up for turns with tools; a request without tools is for a title, at any time."""
    turns = Script(*behaviours)
    title = Reply("A title")
    return lambda exchange: (turns.take() if exchange.request.json.get("tools") else title)(exchange)


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_its_tool_loop_and_its_bytes(house, tmp_path, dialect):
    tool = Reply("Calling.", call("bash", {"command": "echo hi-from-tool", "description": "say hi"}))
    vendor = bodies.VENDORS[dialect]
    h = house(vendor=vendor, script=Script(default=in_turn(tool, Reply("It said hi."))))
    relay = Relay(h.basin.port)
    run = clients.opencode(tmp_path / "c", relay.url, dialect, MODELS[vendor]["own"], HARD)
    relay.close()
    assert run.code == 0, run
    events = [json.loads(line) for line in run.stdout.splitlines()]
    assert [e["part"]["text"] for e in events if e["type"] == "text"] == ["Calling.", "It said hi."], run
    turns = [r for r in h.asks if r.json.get("tools")]
    assert len(turns) == 2 and b"hi-from-tool" in turns[1].body.rpartition(b"Calling.")[2]
    assert len({r.upstream for r in turns}) == 1, "one conversation was spread over two models"
    sent = {request[3]: request for request in relay.sent() if request[0] == "POST"}
    assert len(sent) == len(h.asks)
    for arrived in h.asks:  # a title goes out beside the first turn: which comes first is nobody's promise
        original = with_model(arrived.body, MODELS[vendor]["own"])
        assert_faithful(sent[original], arrived, model=h.models[arrived.upstream])
