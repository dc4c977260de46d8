"""Real clients, run headless in a home of their own with no way out of this machine."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.basin import CLIENT_KEY, ROOT

HERE = ROOT / "tests/clients"
INSTALLED = Path(os.environ.get("BASIN_CLIENTS") or ROOT / "build/clients")
RUN_LIMIT_S = 90  # a client that retries by its own clock may take a while on a busy machine


def require_clients():
    """Fails the test when the clients are not installed; skips only when told to by BASIN_SKIP_CLIENTS=1."""
    if os.environ.get("BASIN_SKIP_CLIENTS") == "1":
        pytest.skip("BASIN_SKIP_CLIENTS=1")
    if not (INSTALLED / ".installed").exists():
        pytest.fail("the real clients are not installed: run tests/clients/install.sh (or set BASIN_SKIP_CLIENTS=1)")


@dataclass
class Run:
    code: int
    stdout: str
    stderr: str


def run(command, home, stdin=None, **environment):
    """Runs a client to its end. A dead proxy stands before everything that is not loopback."""
    home = Path(home)
    (home / "work").mkdir(parents=True, exist_ok=True)
    base = {
        "PATH": f"{INSTALLED}/bin:/usr/bin:/bin",
        "HOME": str(home),
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
        "BASIN_CLIENTS": str(INSTALLED),
    }
    done = subprocess.run(
        list(map(str, command)),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=RUN_LIMIT_S,
        env=base | environment,
        cwd=home / "work",
    )
    return Run(done.returncode, done.stdout, done.stderr)


QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_AUTOUPDATER": "1",
    "ANTHROPIC_API_KEY": CLIENT_KEY,
}


def claude(home, prompt, *arguments, through, base_url=None, **environment):
    """Claude Code, headless. `through`: the command that starts it, ["claude"] or [basin, "claude"]."""
    if base_url:
        environment["ANTHROPIC_BASE_URL"] = base_url
    return run([*through, "-p", prompt, *arguments], home, **(QUIET | environment))


def sdk(name, home, base_url, model, *calls, **environment):
    """anthropic.mjs or openai.mjs: one JSON line per call."""
    environment |= {"BASE_URL": base_url, "KEY": CLIENT_KEY, "MODEL": model}
    return run([INSTALLED / "bin/node", HERE / f"{name}.mjs", *calls], home, **environment)


def codex(home, base_url, model, prompt, *arguments, built_in=False):
    """Codex, headless. `built_in`: its own OpenAI provider, which tries a WebSocket first, at another address."""
    folder = Path(home) / ".codex"
    folder.mkdir(parents=True, exist_ok=True)
    provider = "" if built_in else 'model_provider = "gw"\n'
    (folder / "config.toml").write_text(
        f'model = "{model}"\n{provider}approval_policy = "never"\nsandbox_mode = "danger-full-access"\n'
        + (f'openai_base_url = "{base_url}/v1"\n' if built_in else "")
        + "[analytics]\nenabled = false\n"
        + f'[model_providers.gw]\nname = "gw"\nbase_url = "{base_url}/v1"\nenv_key = "GW_KEY"\nwire_api = "responses"\n'
    )
    keys = {"GW_KEY": CLIENT_KEY, "OPENAI_API_KEY": CLIENT_KEY, "CODEX_API_KEY": CLIENT_KEY}
    return run([INSTALLED / "bin/codex", "exec", "--skip-git-repo-check", *arguments, prompt], home, **keys)


PROVIDERS = {
    "anthropic": "@ai-sdk/anthropic",
    "openai_chat": "@ai-sdk/openai-compatible",
    "openai_responses": "@ai-sdk/openai",
}
ALONE = ("AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "DEFAULT_PLUGINS")  # what opencode would fetch


def opencode(home, base_url, dialect, model, prompt, side_model=None):
    """opencode, headless, with one JSON event a line. `side_model` writes the titles; default `model`."""
    folder = Path(home) / ".config/opencode"
    folder.mkdir(parents=True, exist_ok=True)
    limit = {"limit": {"context": 200_000, "output": 8192}}
    provider = {
        "npm": PROVIDERS[dialect],
        "name": "gw",
        "options": {"baseURL": f"{base_url}/v1", "apiKey": CLIENT_KEY},
        "models": {name: limit for name in {model, side_model or model}},
    }
    config = {"autoupdate": False, "share": "disabled", "enabled_providers": ["gw"], "provider": {"gw": provider}}
    config |= {"model": f"gw/{model}", "small_model": f"gw/{side_model or model}"}
    (folder / "opencode.json").write_text(json.dumps(config))
    alone = {f"OPENCODE_DISABLE_{what}": "1" for what in ALONE}
    return run([INSTALLED / "bin/opencode", "run", "--format", "json", prompt], home, **alone)


# What differs between two runs of one client and one script although nothing is wrong.
VOLATILE = [
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<address>"),
    (re.compile(r'"(duration_ms|duration_api_ms|ttft_ms|ttft_stream_ms|time_to_request_ms)":\s*[\d.]+'), r'"\1":0'),
]


def steady(text):
    for pattern, instead in VOLATILE:
        text = pattern.sub(instead, text)
    return text
