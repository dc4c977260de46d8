"""Codex, which speaks nothing but /v1/responses, through Basin."""

import json

import pytest

from support import clients
from support.fidelity import assert_faithful
from support.house import EASY, HARD, MODELS, alone
from support.relay import Relay
from support.replies import Reply, call, everything_else, refuse, think
from support.upstream import Script, Upstream

pytestmark = pytest.mark.clients

OWN = MODELS["openai"]["own"]
TOOL = Reply(call("exec_command", {"cmd": "echo hi-codex"}))


@pytest.fixture(autouse=True)
def installed():
    clients.require_clients()


def said(run):
    """What the headless client reported, item by item, less ids and usage of shell sessions."""
    events = [json.loads(line) for line in run.stdout.splitlines()]
    return [clients.steady(json.dumps(e)) for e in events if e["type"] != "thread.started"]


SCRIPTS = {
    "text": lambda: [Reply("A plain answer.")],
    "tool_loop": lambda: [TOOL, Reply("It said hi.")],
    "reasoning": lambda: [
        Reply(think("Hm.", "ZW5jcnlwdGVk"), call("exec_command", {"cmd": "echo hi"})),
        Reply("Done."),
    ],
    "retried": lambda: [refuse(429, retry_after=0), Reply("After a pause.")],
    "refused": lambda: [refuse(400)] * 8,
}
TROUBLES = ("retried", "refused")  # that the client deals with by itself, where Basin knows nobody else to ask


@pytest.mark.parametrize("case", SCRIPTS)
def test_it_behaves_as_it_does_without_basin(house, tmp_path, case):
    straight = Upstream("vendor", Script(*SCRIPTS[case](), default=Reply("All is well.")), everything_else)
    before = clients.codex(tmp_path / "before", straight.url, OWN, EASY, "--json")
    straight.close()
    h = house(vendor="openai", script=Script(*SCRIPTS[case]()), change=alone if case in TROUBLES else None)
    relay = Relay(h.basin.port)
    after = clients.codex(tmp_path / "after", relay.url, OWN, EASY, "--json")
    relay.close()

    assert after.code == before.code, (before, after)
    assert said(after) == said(before)
    assert len(h.asks) == len(straight.asks)
    assert len(set(h.reached())) == 1, "one conversation was spread over two models"
    sent = [r for r in relay.sent() if r[0] == "POST"]
    for request, arrived in zip(sent, h.asks):
        assert_faithful(request, arrived, model=h.models[arrived.upstream])


@pytest.mark.parametrize(("prompt", "tier"), [(EASY, "small"), (HARD, "large")])
def test_the_prompt_reaches_the_tier_it_deserves(house, tmp_path, prompt, tier):
    h = house(vendor="openai", risk=None)
    run = clients.codex(tmp_path / "c", h.basin.url, OWN, prompt)
    assert run.code == 0, run
    assert h.reached() == [tier]


def test_the_websocket_probe_is_answered_once(house, tmp_path):
    """Its own provider tries a WebSocket first: seven times on 404, once on 426."""
    h = house(vendor="openai")
    relay = Relay(h.basin.port)
    run = clients.codex(tmp_path / "c", relay.url, OWN, EASY, built_in=True)
    relay.close()
    assert run.code == 0, run
    assert "All is well." in run.stdout
    probes = [r for r in relay.sent() if r[0] == "GET" and r[1].startswith("/v1/responses")]
    assert len(probes) == 1
    assert len(h.asks) == 1
