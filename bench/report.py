"""Rounds of figures into tables: medians with [least-most], and ratios to nginx taken round by round."""

import statistics

# (title, rows); a row is (label, phase of run.py, figure, format)
TABLES = [
    ("Requests per second, 1 KB bodies", [
        ("1 connection", "c1", "per_s", "{:,.0f}"), ("32 connections", "c32", "per_s", "{:,.0f}"),
        ("256 connections", "c256", "per_s", "{:,.0f}")]),
    ("Requests per second, large bodies", [
        ("100 KB, 8 connections", "k100", "per_s", "{:,.0f}"), ("5 MB, 2 connections", "m5", "per_s", "{:,.1f}")]),
    ("Processor time of the proxy per request, microseconds", [
        ("1 KB, 32 connections", "c32", "cpu_us", "{:,.1f}"), ("100 KB", "k100", "cpu_us", "{:,.0f}"),
        ("5 MB", "m5", "cpu_us", "{:,.0f}")]),
    ("Latency at a fixed rate, microseconds (due to answered)", [
        ("1 KB, 500/s: p50", "r500", "p50_us", "{:,.0f}"), ("1 KB, 500/s: p99", "r500", "p99_us", "{:,.0f}"),
        ("100 KB, 100/s: p50", "k100r", "p50_us", "{:,.0f}"), ("100 KB, 100/s: p99", "k100r", "p99_us", "{:,.0f}")]),
    ("Streams: time to first byte and delay of each event, microseconds", [
        ("16 streams: first byte p50", "s16", "p50_us", "{:,.0f}"),
        ("16 streams: event p50", "s16", "event_p50_us", "{:,.0f}"),
        ("16 streams: event p99", "s16", "event_p99_us", "{:,.0f}"),
        ("256 streams: first byte p50", "s256", "p50_us", "{:,.0f}"),
        ("256 streams: event p50", "s256", "event_p50_us", "{:,.0f}"),
        ("256 streams: event p99", "s256", "event_p99_us", "{:,.0f}"),
        ("256 streams: processor time per event", "s256", "cpu_event_us", "{:,.1f}")]),
    ("Memory, MB (proportional set size, all workers)", [
        ("idle, after start", "idle", "memory_mb", "{:.1f}"), ("under 256 streams", "s256", "memory_mb", "{:.1f}"),
        ("at the end of the round", "end", "memory_mb", "{:.1f}")]),
]


def spread(values, form):
    """`median [least-most]`."""
    if not values:
        return "-"
    middle = form.format(statistics.median(values))
    if len(values) == 1:
        return middle
    return f"{middle} [{form.format(min(values))}-{form.format(max(values))}]"


def values_of(rounds, target, phase, figure):
    return [r[target][phase][figure] for r in rounds if r.get(target, {}).get(phase, {}).get(figure) is not None]


def table(title, rows, rounds, targets):
    yield f"### {title}"
    yield ""
    yield "| | " + " | ".join(targets) + " |"
    yield "|---|" + "---|" * len(targets)
    for label, phase, figure, form in rows:
        cells = [spread(values_of(rounds, t, phase, figure), form) for t in targets]
        if any(cell != "-" for cell in cells):
            yield f"| {label} | " + " | ".join(cells) + " |"
    yield ""


def per_round(rounds, phase, figure, combine):
    """One value for each round in which Basin, nginx and direct all have the figure."""
    found = []
    for one in rounds:
        triple = [one.get(t, {}).get(phase, {}).get(figure) for t in ("basin", "nginx", "direct")]
        if all(v is not None for v in triple):
            found.append(combine(*triple))
    return found


def aims(rounds):
    """What was aimed at, and what came out: (text, reached, whether it was)."""
    def ratio(phase):
        return per_round(rounds, phase, "per_s", lambda b, n, d: b / n if n else 0)

    rows = [
        ("requests/s at 1 KB, 32 connections, against nginx", ratio("c32"), "{:.2f}", lambda v: v >= 1, "at least 1"),
        ("requests/s at 100 KB against nginx", ratio("k100"), "{:.2f}", lambda v: v >= .5, "at least 0.5"),
        ("requests/s at 5 MB against nginx", ratio("m5"), "{:.2f}", lambda v: v >= .5, "at least 0.5"),
        ("added p50 at 500/s against nginx's",
         per_round(rounds, "r500", "p50_us", lambda b, n, d: (b - d) / max(n - d, 1)), "{:.2f}", None, ""),
        ("added p99 at 500/s against nginx's",
         per_round(rounds, "r500", "p99_us", lambda b, n, d: (b - d) / max(n - d, 1)), "{:.2f}", lambda v: v <= 1.3,
         "at most 1.3"),
        ("added time to first byte, 16 streams, ms",
         per_round(rounds, "s16", "p50_us", lambda b, n, d: (b - d) / 1000), "{:.3f}", lambda v: v <= .2,
         "at most 0.2"),
        ("added delay of an event, 16 streams, ms",
         per_round(rounds, "s16", "event_p50_us", lambda b, n, d: (b - d) / 1000), "{:.3f}", None, ""),
        ("memory idle, MB", values_of(rounds, "basin", "idle", "memory_mb"), "{:.1f}", lambda v: v <= 12,
         "at most 12 and the weights"),
    ]
    yield "### Against the aims"
    yield ""
    yield "| | aim | Basin | |"
    yield "|---|---|---|---|"
    for text, found, form, good, aim in rows:
        if found:
            verdict = "" if good is None else "reached" if good(statistics.median(found)) else "missed"
            yield f"| {text} | {aim} | {spread(found, form)} | {verdict} |"
    yield ""


def added(rounds, target, phase, figure):
    """By how much a target's figure lies above direct's, round by round."""
    pairs = [(one.get(target, {}).get(phase, {}).get(figure), one.get("direct", {}).get(phase, {}).get(figure))
             for one in rounds]
    return [mine - bare for mine, bare in pairs if mine is not None and bare is not None]


def summary(rounds, targets):
    """The short table of the README."""
    proxies = [t for t in targets if t != "direct"]
    rows = [
        ("requests/s, 1 KB, 1 connection", lambda t: values_of(rounds, t, "c1", "per_s"), "{:,.0f}"),
        ("requests/s, 1 KB, 32 connections", lambda t: values_of(rounds, t, "c32", "per_s"), "{:,.0f}"),
        ("requests/s, 100 KB, 8 connections", lambda t: values_of(rounds, t, "k100", "per_s"), "{:,.0f}"),
        ("added latency at 500 requests/s, p50, us", lambda t: added(rounds, t, "r500", "p50_us"), "{:,.0f}"),
        ("added latency at 500 requests/s, p99, us", lambda t: added(rounds, t, "r500", "p99_us"), "{:,.0f}"),
        ("added time to a stream's first byte, p50, us", lambda t: added(rounds, t, "s16", "p50_us"), "{:,.0f}"),
        ("added delay of a stream's event, p50, us", lambda t: added(rounds, t, "s16", "event_p50_us"), "{:,.0f}"),
        ("memory idle, MB", lambda t: values_of(rounds, t, "idle", "memory_mb"), "{:.1f}"),
        ("memory under 256 streams, MB", lambda t: values_of(rounds, t, "s256", "memory_mb"), "{:.1f}"),
    ]
    lines = ["| | " + " | ".join(proxies) + " |", "|---|" + "---|" * len(proxies)]
    lines += [f"| {label} | " + " | ".join(spread(of(t), form) for t in proxies) + " |" for label, of, form in rows]
    return "\n".join(lines) + "\n"


def markdown(rounds, targets, heading):
    lines = [heading, ""]
    for title, rows in TABLES:
        lines.extend(table(title, rows, rounds, targets))
    if "basin" in targets and "nginx" in targets:
        lines.extend(aims(rounds))
    errors = sum(phase.get("errors", 0) for one in rounds for phases in one.values() for phase in phases.values())
    lines.append(f"Errors in all runs: {errors}.")
    return "\n".join(lines) + "\n"
