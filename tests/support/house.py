"""Basin between two scripted vendors, as most tests want it: a small tier, a large tier, one shared script."""

import functools
import json
import tempfile

from support import basin as program
from support.replies import Reply, everything_else
from support.upstream import Script, Upstream

# Real names, because the client's own model is a ceiling and ceilings come from the price list. OWN is what the client
# names when it wishes for nothing: of its vendor, on no tier, and dearer than both tiers.
MODELS = {
    "anthropic": {"small": "claude-haiku-5-5", "large": "claude-sonnet-5-5", "own": "claude-opus-5-5"},
    "openai": {"small": "gpt-6-luna", "large": "gpt-6.1-sol", "own": "gpt-6-astra"},
}
DIALECTS = {"anthropic": ["anthropic"], "openai": ["openai_chat", "openai_responses"]}
EASY = "fix the typo in README"
HARD = "refactor the whole storage layer to async, keeping every caller consistent"


@functools.cache
def dividing_risk():
    """A target_risk between what EASY and HARD measure: tests of rules hold whatever the learned weights say exactly.

    Tests of the weights themselves use the default risk (`risk=None`).
    """
    with tempfile.TemporaryDirectory() as folder:
        home = program.Home(folder)
        records = [json.loads(home.run("explain", "--json", text).stdout) for text in (EASY, HARD)]
    easy, hard = (record["p_small_ok"] for record in records)
    # Weights that have the two the wrong way round are for the tests of the measure to report, one by one.
    return 1 - (easy + hard) / 2 if easy > hard else 0.1


def alone(tables):
    """Nobody else is asked: what an upstream says of its troubles is what the client hears. (For `change`.)"""
    tables["routing"].update(fallback=False)


class House:
    """`House(tmp_path)` writes a configuration and starts everything; `close()` judges it."""

    def __init__(
        self, path, vendor="anthropic", mode="on", script=None, start=True, change=None, risk="dividing", **environment
    ):
        """`change` gets the configuration's tables before they are written; `risk=None` is the program's default."""
        self.vendor = vendor
        self.models = MODELS[vendor]
        self.script = script or Script()
        self.script.default = self.script.default or Reply("All is well.")
        self.small = Upstream("small", self.script, everything_else)
        self.large = Upstream("large", self.script, everything_else)
        self.home = program.Home(path)
        self.environment = environment
        self.tables = self._tables(mode)
        if risk == "dividing":
            self.tables["routing"]["target_risk"] = dividing_risk()
        if change:
            change(self.tables)
        self.home.configure(self.tables)
        self.basin = program.Basin(self.home, **environment) if start else None

    def _tables(self, mode):
        def upstream(which):
            return {"name": which.name, "base_url": which.url, "dialects": DIALECTS[self.vendor], "vendor": self.vendor}

        def tier(name):
            return {
                "name": name,
                "upstream": name,
                "model": self.models[name],
                "context": 200_000,
                "serves": ["side", "chat", "agent"],
            }

        return {
            "routing": {"mode": mode},
            "discovery": {"enabled": False},
            "upstream": [upstream(self.small), upstream(self.large)],
            "tier": [tier("small"), tier("large")],
        }

    @property
    def upstreams(self):
        return (self.small, self.large)

    @property
    def asks(self):
        """Generation requests at either upstream, in order of arrival."""
        return sorted((r for u in self.upstreams for r in u.asks), key=lambda r: r.at)

    def reached(self):
        """['small', 'large', ...]: who was asked, in order."""
        return [r.upstream for r in self.asks]

    def close(self):
        for upstream in self.upstreams:
            upstream.close()
        if self.basin:
            self.basin.judge()
        failures = [f for u in self.upstreams for f in u.failures]
        assert not failures, failures
