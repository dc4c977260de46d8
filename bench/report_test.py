#!/usr/bin/env python3
"""The arithmetic of the report: medians over rounds, and ratios taken within a round before they are summed up."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import report  # noqa: E402


def one_round(basin, nginx, direct):
    return {name: {"c32": {"per_s": value}, "r500": {"p99_us": 1e6 / value}}
            for name, value in (("basin", basin), ("nginx", nginx), ("direct", direct))}


class Report(unittest.TestCase):
    def test_ratios_are_taken_round_by_round(self):
        # The machine slows down threefold in the second round; both proxies feel it, and the ratio does not.
        rounds = [one_round(300, 200, 900), one_round(100, 50, 300), one_round(150, 100, 450)]
        rows = "\n".join(report.aims(rounds))
        self.assertIn("| 1.50 [1.50-2.00] | reached |", rows)

    def test_added_latency_is_the_part_above_direct(self):
        rows = "\n".join(report.aims([one_round(1e6 / 300, 1e6 / 200, 1e6 / 100)]))
        self.assertIn("| added p99 at 500/s against nginx's | at most 1.3 | 2.00 | missed |", rows)

    def test_the_summary_adds_nothing_to_direct(self):
        rows = report.summary([one_round(1e6 / 300, 1e6 / 200, 1e6 / 100)], ["direct", "nginx", "basin"])
        self.assertIn("| added latency at 500 requests/s, p99, us | 100 | 200 |", rows)

    def test_what_was_not_measured_has_no_row(self):
        text = report.markdown([one_round(3, 2, 9)], ["direct", "nginx", "basin"], "heading")
        self.assertIn("| 32 connections | 9 | 2 | 3 |", text)
        self.assertNotIn("256 connections", text)


if __name__ == "__main__":
    unittest.main()
