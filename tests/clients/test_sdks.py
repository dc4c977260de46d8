"""The vendors' own SDKs, through Basin: the same objects and the same errors as straight at the vendor, byte for byte.

Both programs (clients/*.mjs) print what a user of the SDK gets back. They are run twice with one script, straight and
through Basin, and what they print must be equal.
"""

import json

import pytest

from support import clients
from support.fidelity import CREDENTIALS, assert_faithful
from support.house import MODELS, alone
from support.relay import Relay
from support.replies import Reply, call, cut_after, everything_else, fail_midstream, refuse, think
from support.upstream import Script, Upstream

pytestmark = pytest.mark.clients

CITIES = Reply(call("get_weather", {"city": "Paris"}, 1), call("get_weather", {"city": "Rome"}, 2))
SUNNY = Reply("Sunny in both.")
PLACE = Reply('{"city":"Paris"}')

ANTHROPIC = {
    "plain": (["create", "stream", "system", "beta"], lambda: []),
    "tools": (["tools", "tools_stream"], lambda: [CITIES, SUNNY, CITIES, SUNNY]),
    "thinking": (["thinking"], lambda: [Reply(think("Let me see."), "Thought.")]),
    "thinking_tools": (["tools_thinking"], lambda: [Reply(think("A tool."), *CITIES.parts), SUNNY]),
    "forced": (["forced"], lambda: [CITIES]),
    "content": (["image", "document"], lambda: []),
    "structured": (["structured"], lambda: [PLACE]),
    "counts": (["count"], lambda: []),
    "refused": (["create", "stream"], lambda: [refuse(400), refuse(413)]),
    "retried": (["create", "stream"], lambda: [refuse(429, retry_after=0), Reply("ok"), refuse(529), Reply("ok")]),
    "given_up": (["create"], lambda: [refuse(529), refuse(529)]),
    "not_retried": (["create"], lambda: [refuse(429, should_retry=False)]),
    "midstream": (["stream"], lambda: [fail_midstream()]),
    "crlf_zipped": (["stream", "create"], lambda: [Reply("a b c", newline="\r\n"), Reply("d e f", zipped=True)]),
}
OPENAI = {
    "chat": (["chat", "chat_stream", "beta"], lambda: []),
    "responses": (["response", "response_stream"], lambda: []),
    "chat_tools": (["chat_tools", "chat_tools_stream"], lambda: [CITIES, SUNNY, CITIES, SUNNY]),
    "response_tools": (["response_tools", "response_tools_stream"], lambda: [CITIES, SUNNY, CITIES, SUNNY]),
    "chat_content": (["chat_image", "chat_document", "chat_forced"], lambda: [SUNNY, SUNNY, CITIES]),
    "response_content": (["response_image", "response_document"], lambda: []),
    "structured": (["chat_structured", "response_structured"], lambda: [PLACE, PLACE]),
    "embeddings": (["embeddings"], lambda: []),
    "refused": (["chat", "response"], lambda: [refuse(400), refuse(404)]),
    "retried": (["chat", "response"], lambda: [refuse(429, retry_after=0), Reply("ok"), refuse(500), Reply("ok")]),
    "midstream": (["chat_stream", "response_stream"], lambda: [fail_midstream(), fail_midstream()]),
    "crlf_zipped": (["chat_stream", "response"], lambda: [Reply("a b", newline="\r\n"), Reply("c d", zipped=True)]),
}
STAYS = ("content", "chat_content", "response_content")  # no tier sees pictures: those stay with the client's model
# That the SDK deals with by itself, where Basin knows nobody else to ask.
TROUBLES = ("refused", "retried", "given_up", "not_retried")
CASES = [("anthropic", name) for name in ANTHROPIC] + [("openai", name) for name in OPENAI]


@pytest.fixture(autouse=True)
def installed():
    clients.require_clients()


def printed(run, models):
    """What the program printed, with every model called by one name: the vendor's answer names what it served."""
    assert run.code == 0, run
    text = run.stdout
    for model in models:
        text = text.replace(json.dumps(model), '"MODEL"')
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(("vendor", "case"), CASES)
def test_the_sdk_gets_what_the_vendor_sent(house, tmp_path, vendor, case):
    calls, behaviours = (ANTHROPIC if vendor == "anthropic" else OPENAI)[case]
    own = MODELS[vendor]["own"]
    straight = Upstream("vendor", Script(*behaviours(), default=Reply("All is well.")), everything_else)
    before = clients.sdk(vendor, tmp_path / "before", straight.url, own, *calls)
    straight.close()

    h = house(vendor=vendor, script=Script(*behaviours()), change=alone if case in TROUBLES else None)
    relay = Relay(h.basin.port)
    after = clients.sdk(vendor, tmp_path / "after", relay.url, own, *calls)
    relay.close()

    models = MODELS[vendor].values()
    assert printed(after, models) == printed(before, models)
    assert [(r.method, r.target) for r in h.asks] == [(r.method, r.target) for r in straight.asks]

    sent = [
        r
        for r in relay.sent()
        if r[0] == "POST" and r[1].split("?")[0] not in ("/v1/messages/count_tokens", "/v1/embeddings")
    ]
    assert len(sent) == len(h.asks)
    for request, arrived in zip(sent, h.asks):
        stays = case in STAYS and not request[3].count(b'"tools"')
        assert_faithful(request, arrived, model=None if stays else h.models[arrived.upstream])


@pytest.mark.parametrize("vendor", ["anthropic", "openai"])
def test_the_sdk_lists_what_may_be_asked_for(house, tmp_path, vendor):
    """Basin's own names where it routes; the vendor's list, untouched, where it only looks on."""

    def listed(mode):
        h = house(vendor=vendor, mode=mode)
        run = clients.sdk(vendor, tmp_path / mode, h.basin.url, h.models["own"], "models")
        return json.loads(run.stdout)["value"]

    ours = listed("on")
    assert {"basin-auto", "basin-small", "basin-large"} | {MODELS[vendor][t] for t in ("small", "large")} <= set(ours)
    assert listed("shadow") == ["claude-scripted-1" if vendor == "anthropic" else "gpt-scripted"]


@pytest.mark.parametrize(
    ("vendor", "call_name"), [("anthropic", "stream"), ("openai", "chat_stream"), ("openai", "response_stream")]
)
def test_a_stream_cut_short_is_an_error(house, tmp_path, vendor, call_name):
    """Were the end clean, the OpenAI SDK would hand half an answer on as a whole one."""
    h = house(vendor=vendor, script=Script(cut_after(900), cut_after(900)))
    run = clients.sdk(vendor, tmp_path / "c", h.basin.url, h.models["own"], call_name)
    line = json.loads(run.stdout)
    assert line.get("error"), line


def test_an_upstream_with_its_own_key_never_sees_the_clients(house, tmp_path):
    def own_key(tables):
        for upstream in tables["upstream"]:
            upstream["key_env"] = "SCRIPTED_KEY"

    h = house(change=own_key, SCRIPTED_KEY="sk-canary-upstream-91b2d4")
    relay = Relay(h.basin.port)
    run = clients.sdk("anthropic", tmp_path / "c", relay.url, h.models["own"], "create")
    relay.close()
    assert '"error"' not in run.stdout, run.stdout
    arrived = h.asks[0]
    assert arrived.headers.all("x-api-key") == ["sk-canary-upstream-91b2d4"]
    assert arrived.headers.get("authorization") is None
    assert_faithful(relay.sent()[0], arrived, model=h.models[arrived.upstream], ignoring=CREDENTIALS)
