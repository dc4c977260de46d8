"""Fixtures of the process tests. See README.md for the layout."""

import os
import random

import pytest

from support import basin
from support.house import House
from support.town import Town


def pytest_configure(config):
    config.addinivalue_line("markers", "clients: drives a real client (build/clients; see clients/install.sh)")


def pytest_sessionstart(session):
    if not session.config.option.collectonly:
        try:
            basin.binary()
        except AssertionError as missing:
            pytest.exit(str(missing), returncode=3)


def pytest_collection_modifyitems(items):
    """BASIN_TEST_SEED=N runs the tests in an order of its own: none may need another to have run before it."""
    if seed := os.environ.get("BASIN_TEST_SEED"):
        random.Random(seed).shuffle(items)


@pytest.fixture
def house(tmp_path):
    """A factory: house(vendor=..., mode=..., script=..., change=...) -> House. Each is judged when the test ends."""
    made = []

    def make(**how):
        made.append(House(tmp_path / f"home{len(made)}", **how))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def town(tmp_path):
    """A factory: town(server, ..., tiers=[...], change=...) -> Town. Each is judged when the test ends."""
    made = []

    def make(*servers, tiers, **how):
        made.append(Town(tmp_path / f"town{len(made)}", servers, tiers, **how))
        return made[-1]

    yield make
    for each in made:
        each.close()
