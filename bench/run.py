#!/usr/bin/env python3
"""Measures Basin beside the bare upstream, nginx and haproxy, in one run on one machine.

Rounds are interleaved (each round visits every target once, starting with another one), because a machine's mood
changes by the minute: compare within a run, by medians, and mind the range. Everything is loopback; load generator,
proxy and upstream share the machine's cores, so figures tell proxies apart and promise nobody a throughput.

    make bench                        three rounds, about four minutes
    BENCH_ROUNDS=6 make bench         calmer figures
    bench/run.py --only c32,r500      some phases only
    bench/run.py --only decision      only what one decision costs by itself (decision.cc)
    bench/run.py --write              also puts the tables into docs/performance.md and README.md
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import bodies  # noqa: E402
import report  # noqa: E402
import targets  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"bench": ROOT / "docs" / "performance.md", "decision": ROOT / "docs" / "performance.md",
         "figures": ROOT / "README.md"}  # marked block: page

# phase: (mode, size of the bodies, arguments of the load generator); streams first, so that memory under them is theirs
PHASES = {
    "s16": ("streams", "1k", ["--connections", "16", "--seconds", "2", "--events", "40", "--interval-us", "20000"]),
    "s256": ("streams", "1k", ["--connections", "256", "--seconds", "2.5", "--warmup", "1",
                               "--events", "40", "--interval-us", "20000"]),
    "c1": ("closed", "1k", ["--connections", "1", "--seconds", "1.5"]),
    "c32": ("closed", "1k", ["--connections", "32", "--seconds", "2.5"]),
    "c256": ("closed", "1k", ["--connections", "256", "--seconds", "2.5"]),
    "r500": ("open", "1k", ["--connections", "64", "--rate", "500", "--seconds", "3"]),
    "k100": ("closed", "100k", ["--connections", "8", "--seconds", "2"]),
    "k100r": ("open", "100k", ["--connections", "16", "--rate", "100", "--seconds", "2"]),
    "m5": ("closed", "5m", ["--connections", "2", "--seconds", "2"]),
}


def run_phase(load, target, paths, phase):
    """One run of the load generator against one target: its figures, and what the target spent."""
    mode, size, arguments = PHASES[phase]
    command = [load, mode, "--port", str(target.port), "--bodies", str(paths[size]), *arguments]
    before = target.cpu_s()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    memory = None
    try:
        if phase == "s256":  # when all streams are open
            try:
                process.wait(2.2)
            except subprocess.TimeoutExpired:
                memory = target.memory_mb()
        out, _ = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
    figures = json.loads(out)
    if target.process:
        spent_us = (target.cpu_s() - before) * 1e6
        if figures["events"]:
            figures["cpu_event_us"] = spent_us / figures["events"]
        elif figures["requests"]:
            figures["cpu_us"] = spent_us / figures["requests"]
    if memory is not None:
        figures["memory_mb"] = memory
    return figures


def measure_round(arguments, chosen, paths, folder, upstream, number):
    """{target: {phase: figures}}; each proxy is started afresh, so that memory at rest is that of a start."""
    results = {}
    order = chosen[number % len(chosen):] + chosen[:number % len(chosen)]
    for name in order:
        begin = {
            "direct": lambda: targets.Target("direct", upstream.port),
            "nginx": lambda: targets.start_nginx(folder, upstream.port),
            "haproxy": lambda: targets.start_haproxy(folder, upstream.port),
            "basin": lambda: targets.start_basin(folder, upstream.port, arguments.basin),
        }[name]
        target = begin()
        try:
            results[name] = {"idle": {"memory_mb": target.memory_mb()} if target.process else {}}
            for phase in arguments.only:
                figures = run_phase(f"{arguments.tools}/load", target, paths, phase)
                results[name][phase] = figures
                show(number, name, phase, figures)
            results[name]["end"] = {"memory_mb": target.memory_mb()} if target.process else {}
        finally:
            target.end()
    return results


def show(number, name, phase, figures):
    text = f"round {number + 1} {name:8} {phase:6} {figures['per_s']:10,.1f}/s  p50 {figures['p50_us']:9,.0f} us" \
           f"  p99 {figures['p99_us']:9,.0f} us"
    if figures["events"]:
        text += f"  event p50 {figures['event_p50_us']:7,.0f} us  p99 {figures['event_p99_us']:7,.0f} us"
    if "cpu_us" in figures:
        text += f"  cpu {figures['cpu_us']:7,.1f} us"
    if figures["errors"] or figures["unfinished"]:
        text += f"  ERRORS {figures['errors']}, unfinished {figures['unfinished']}"
    print(text, flush=True)


def measure_decision(tools):
    """The table of decision.cc, under the machine that it was made on."""
    told = heading(None, os.getloadavg()[0])
    print("what one decision costs: a minute ...", flush=True)
    done = subprocess.run([f"{tools}/decision", str(ROOT / "training")], stdout=subprocess.PIPE, text=True, check=True)
    return f"{told}\n\n{done.stdout}"


def heading(rounds, load):
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    busy = " (other work ran beside it: the tails are that work)" if load > 1 else ""
    return (f"{datetime.date.today()}, commit {commit.stdout.strip() or '?'}: {model}, {os.cpu_count()} cores, Linux "
            f"{platform.release()}; {f'{rounds} interleaved rounds; ' if rounds else ''}median [least-most]; "
            f"load average before it {load:.1f}{busy}.")


def write_block(name, text):
    """Puts text between a page's `<!-- name:begin -->` and `<!-- name:end -->`."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, rest = PAGES[name].read_text().split(begin, 1)
    PAGES[name].write_text(f"{before}{begin}\n{text}{end}{rest.split(end, 1)[1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--basin", default=str(ROOT / "build/release/basin"))
    parser.add_argument("--tools", default=str(ROOT / "build/bench/bench"), help="folder of load and upstream")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS", "3")))
    parser.add_argument("--only", type=lambda text: text.split(","), default=["decision", *PHASES],
                        help="phases, with commas")
    parser.add_argument("--targets", type=lambda text: text.split(","), default=["direct", "nginx", "haproxy", "basin"])
    parser.add_argument("--json", help="write the raw figures there")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    arguments = parser.parse_args()
    if "decision" in arguments.only:
        arguments.only.remove("decision")
        table = measure_decision(arguments.tools)
        print(table)
        if arguments.write:
            write_block("decision", table)
    return measure_proxies(arguments) if arguments.only else 0


def measure_proxies(arguments):
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="basin-bench-") as name:
        folder = Path(name)
        os.chmod(folder, 0o755)  # nginx's workers are another user when root starts it
        paths = bodies.write(folder)
        upstream = targets.start_upstream(f"{arguments.tools}/upstream")
        try:
            rounds = [measure_round(arguments, arguments.targets, paths, folder, upstream, number)
                      for number in range(arguments.rounds)]
        finally:
            upstream.end()
    told = heading(arguments.rounds, load)
    text = report.markdown(rounds, arguments.targets, told)
    print("\n" + text)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(rounds, indent=1))
    if arguments.write:
        write_block("bench", text)
        write_block("figures", f"{report.summary(rounds, arguments.targets)}\n{told}\n")
    failed = any(f.get("errors") for one in rounds for phases in one.values() for f in phases.values())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
