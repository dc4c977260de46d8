"""Basin before any servers: strict vendors and local servers side by side, a tier for each, as people have them.

`house.py` is enough where two tiers of one vendor are; here the servers differ in what they speak and in what they
cannot do, so a request may have to change on its way.
"""

from support import basin as program
from support.basin import UPSTREAM_KEY
from support.house import dividing_risk

EVERYTHING = ["side", "chat", "agent"]


def tier(server, model, name=None, **more):
    """A tier of a server of this town; its name is the server's unless given."""
    return {"name": name or server.name, "upstream": server.name, "model": model, "serves": EVERYTHING} | more


class Town:
    """`servers`: each with a `table` for basin.toml. `tiers`: as `tier` makes them, cheapest first.

    Vendors have a key of ours, so that clients of every vendor are served by every server.
    """

    def __init__(self, path, servers, tiers, change=None, risk="dividing", start=True, **environment):
        """`change` gets the configuration's tables before they are written."""
        self.servers = {s.name: s for s in servers}
        self.home = program.Home(path)
        self.environment = {"VENDOR_KEY": UPSTREAM_KEY} | environment
        vendors = [s.table | ({"key_env": "VENDOR_KEY"} if "vendor" in s.table else {}) for s in servers]
        self.tables = {
            "routing": {"mode": "on", "client_model_is_ceiling": False},
            "discovery": {"enabled": False},
            "upstream": vendors,
            "tier": [{"context": 200_000} | t for t in tiers],
        }
        if risk == "dividing":
            self.tables["routing"]["target_risk"] = dividing_risk()
        if change:
            change(self.tables)
        self.home.configure(self.tables)
        self.basin = program.Basin(self.home, **self.environment) if start else None

    def __getitem__(self, name):
        return self.servers[name]

    def reached(self):
        """Names of the servers that were asked for a generation, in order."""
        asks = sorted((r for s in self.servers.values() for r in s.asks), key=lambda r: r.at)
        return [r.upstream for r in asks]

    def refusals(self):
        """What the servers would not take: [(server, message), ...]."""
        return [(name, words) for name, s in self.servers.items() for _, words in getattr(s, "refusals", [])]

    def close(self):
        for server in self.servers.values():
            server.close()
        if self.basin:
            self.basin.judge()
        failures = [f for s in self.servers.values() for f in s.failures]
        assert not failures, failures
