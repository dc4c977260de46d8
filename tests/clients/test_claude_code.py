"""Claude Code itself, through Basin: routed as the prompt deserves, and otherwise not able to tell that Basin is there.

Each case runs the client twice with one script, once straight at a scripted vendor and once through Basin, and holds
the two runs against each other: what the person sees, and which requests were made.
"""

import json
import uuid

import pytest

from support import basin as program
from support import clients
from support.fidelity import assert_faithful
from support.house import EASY, HARD, MODELS, alone
from support.relay import Relay
from support.replies import Reply, call, cut_after, everything_else, fail_midstream, refuse, think
from support.upstream import Script, Upstream

pytestmark = pytest.mark.clients

OWN = MODELS["anthropic"]["own"]
BASH = call("Bash", {"command": "echo hi-from-tool", "description": "say hi"})
ALLOWED = ("--allowedTools", "Bash(echo:*)")


@pytest.fixture(autouse=True)
def installed():
    clients.require_clients()


def kinds(requests):
    """What kind of requests were made, in order: streamed or not, and how much conversation each carried."""
    out = []
    for request in requests:
        body = request.json if request.method == "POST" else {}
        out.append((request.method, request.path, body.get("stream"), len(body.get("messages", []))))
    return out


def direct(tmp_path, script, prompt, *arguments, **environment):
    """The client straight at a scripted vendor: (Run, requests)."""
    vendor = Upstream("vendor", script, everything_else)
    home = tmp_path / f"direct{uuid.uuid4().hex[:6]}"
    run = clients.claude(home, prompt, *arguments, through=["claude"], base_url=vendor.url, **environment)
    vendor.close()
    return run, vendor.requests


def through_basin(house, prompt, *arguments, **environment):
    """The client started by `basin claude`, which attaches to the house's Basin."""
    start = [program.binary(), "claude"]
    return clients.claude(house.home.path, prompt, *arguments, through=start, **environment)


@pytest.mark.parametrize(("prompt", "tier"), [(EASY, "small"), (HARD, "large")])
def test_the_prompt_reaches_the_tier_it_deserves(house, prompt, tier):
    h = house(risk=None)
    run = through_basin(h, prompt)
    assert (run.code, run.stdout.strip()) == (0, "All is well."), run
    assert h.reached() == [tier]
    assert h.asks[0].model == h.models[tier]
    # The one variable that `basin claude` adds beside the address makes the client say what its requests are.
    assert h.asks[0].headers.get("x-claude-code-request-class") == "main"


def test_a_private_basin_starts_when_none_runs(house):
    h = house(start=False)
    run = through_basin(h, EASY)
    assert (run.code, run.stdout.strip()) == (0, "All is well."), run
    assert h.reached() == ["small"]


def test_the_exit_code_of_the_client_passes_through(house):
    h = house()
    run = through_basin(h, EASY, "--no-such-option")
    straight = clients.run(["claude", "-p", EASY, "--no-such-option"], h.home.path)
    assert run.code == straight.code != 0
    assert run.stderr == straight.stderr


SCRIPTS = {
    "text": lambda: [Reply("A plain answer.")],
    "long_stream": lambda: [Reply("word " * 3000)],
    "tool_loop": lambda: [Reply("Calling.", BASH), Reply("It said hi.")],
    "parallel_tools": lambda: [Reply(BASH, call("Bash", {"command": "echo two"}, 2)), Reply("Both said hi.")],
    "thinking": lambda: [Reply(think("Let me see."), "Thought through.")],
    "thinking_then_tool": lambda: [Reply(think("A tool."), BASH), Reply(think("Good."), "It said hi.")],
    "http_400": lambda: [refuse(400)] * 12,
    "http_401_final": lambda: [refuse(401, should_retry=False)] * 3,
    "http_404_then_ok": lambda: [refuse(404), Reply("Found after all.")],
    "http_413": lambda: [refuse(413)] * 6,
    "http_429_then_ok": lambda: [refuse(429, retry_after=1), Reply("After a pause.")],
    "http_429_final": lambda: [refuse(429, retry_after=3600, should_retry=False)] * 3,
    "http_529_then_ok": lambda: [refuse(529), Reply("After the rush.")],
    "error_event_midstream": lambda: [fail_midstream(), Reply("Second try.")],
    "zipped": lambda: [Reply("Squeezed.", zipped=True)],
    "crlf": lambda: [Reply("Carriage returns.", newline="\r\n")],
}


@pytest.mark.parametrize("case", SCRIPTS)
def test_it_behaves_as_it_does_without_basin(house, tmp_path, case):
    arguments = (EASY, *ALLOWED, "--output-format", "json")
    before, expected = direct(tmp_path, Script(*SCRIPTS[case]()), *arguments)
    h = house(script=Script(*SCRIPTS[case]()), change=alone if case.startswith("http_") else None)
    after = through_basin(h, *arguments)

    assert after.code == before.code, (before, after)
    assert seen_by_the_person(after.stdout) == seen_by_the_person(before.stdout)
    assert clients.steady(after.stderr) == clients.steady(before.stderr)
    assert kinds(h.asks) == kinds(r for r in expected if r.is_ask)
    assert len(set(h.reached())) == 1, "one conversation was spread over two models"


def seen_by_the_person(stdout):
    """The result object of the headless client, less what is timed, and less the prices of another model."""
    value = json.loads(stdout)
    keep = ("type", "subtype", "is_error", "num_turns", "result", "stop_reason", "api_error_status", "terminal_reason")
    usage = {k: v for k, v in value.get("usage", {}).items() if k.endswith("tokens")}
    return {key: value.get(key) for key in keep} | {"usage": usage}


def test_a_cut_stream_is_an_error_to_the_client_and_not_an_end(house):
    """The client retries a broken stream; ended cleanly, half an answer would have passed for a whole one."""
    h = house(script=Script(cut_after(700), Reply("Whole this time.")))
    run = through_basin(h, EASY, CLAUDE_CODE_MAX_RETRIES="2")
    assert (run.code, run.stdout.strip()) == (0, "Whole this time."), run
    assert len(h.asks) == 2


def test_a_resumed_conversation_keeps_its_model(house):
    h = house()
    session = str(uuid.uuid4())
    through_basin(h, HARD, "--session-id", session)
    run = through_basin(h, EASY, "--resume", session)
    assert run.code == 0, run
    assert h.reached() == ["large", "large"]
    assert h.asks[1].json["messages"][-1] != h.asks[0].json["messages"][-1]


@pytest.mark.parametrize("script", ["text", "thinking_then_tool", "error_event_midstream"])
def test_its_bytes_travel(house, tmp_path, script):
    h = house(script=Script(*SCRIPTS[script]()))
    relay = Relay(h.basin.port)
    own = {"ANTHROPIC_CUSTOM_HEADERS": "X-Invented: one", "ANTHROPIC_BETAS": "invented-2026-11-24"}
    extra = {
        "CLAUDE_CODE_EXTRA_BODY": '{"invented_field":{"deep":[1,2.50,"é"]}}',
        "CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1",
    }
    run = clients.claude(tmp_path / "c", EASY, *ALLOWED, through=["claude"], base_url=relay.url, **own, **extra)
    relay.close()
    assert run.code == 0, run
    sent = [r for r in relay.sent() if r[0] == "POST"]
    assert len(sent) == len(h.asks) > 0
    for request, arrived in zip(sent, h.asks):
        assert request[2].get("x-invented") == "one"
        assert "invented-2026-11-24" in request[2].get("anthropic-beta")
        assert b'"invented_field"' in request[3]
        assert_faithful(request, arrived, model=h.models[arrived.upstream])


def test_model_discovery_and_token_counts_are_answered(house, tmp_path):
    h = house()
    discover = {"CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "1"}
    run = clients.claude(tmp_path / "c", EASY, through=["claude"], base_url=h.basin.url, **discover)
    assert run.code == 0, run
    lists = [r for u in h.upstreams for r in u.requests if r.path == "/v1/models"]
    assert all(r.headers.get("x-api-key") == program.CLIENT_KEY for r in lists)


def test_a_subscription_login_is_told_what_to_do(house):
    """Without a key the client sends its login. Nothing allows that here: it hears why, and no vendor hears it."""
    h = house()
    run = through_basin(h, EASY, ANTHROPIC_API_KEY="", CLAUDE_CODE_OAUTH_TOKEN="sk-ant-oat01-canary-login-77aa")
    assert run.code != 0
    assert h.asks == []
    assert "allow_subscription" in run.stdout + run.stderr, run
    assert "canary-login-77aa" not in h.basin.log
