"""The table of a bench, with what it should reach and whether it did."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# What issue and product promise of the small size: (name, least share of the limit).
SHARES = {
    "topic_anonymous": 0.60,
    "topic_signed_in": 0.12,
    "space_list": 0.12,
    "home": 0.10,
    "hsds_services": 0.15,
}
NAMES = {
    "topic_anonymous": "topic, visitor",
    "topic_signed_in": "topic, signed in",
    "space_list": "space list",
    "home": "home",
    "queue": "unanswered queue",
    "notifications": "notifications",
    "hsds_services": "services, 100 of them",
}
REPLY_MS, SEARCH_MS, SEARCH_LARGE_MS, COLD_BYTES, COLD_REQUESTS, MEMORY_MB = 15, 100, 25, 60_000, 6, 150
COLUMNS = ("", "requests/s", "of the limit", "to reach", "median ms", "p99 ms", "bytes", "statements")


def table(result: Mapping[str, Any], *, large: bool = False) -> str:
    """The figures as a Markdown table, then single figures, then what falls short."""
    pages = {**result["pages"], **{n: f for n, f in result["more"].items() if n in NAMES}}
    rows: list[Sequence[str]] = [COLUMNS, ["---"] * len(COLUMNS), _limit(result["limit"])]
    rows += [_page(name, figures) for name, figures in pages.items()]
    return "\n".join([*map(_line, rows), "", *_single(result, large), "", *short_of(result, large=large)])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _limit(limit: Mapping[str, Any]) -> list[str]:
    return [
        "the limit",
        f"{limit['rps']:.0f}",
        "",
        "",
        f"{limit['median_ms']:.2f}",
        "",
        str(limit["bytes"]),
        "",
    ]


def _page(name: str, figures: Mapping[str, Any]) -> list[str]:
    least = SHARES.get(name)
    return [
        NAMES[name],
        f"{figures['rps']:.0f}",
        f"{figures['ratio']:.1%}" if figures["ratio"] is not None else "",
        f"{least:.0%}" if least else "",
        f"{figures['median_ms']:.2f}",
        f"{figures['p99_ms']:.2f}",
        str(figures["bytes"]),
        str(figures["statements"]),
    ]


def _single(result: Mapping[str, Any], large: bool) -> list[str]:
    search, reply, more = result["search"], result["reply"], result["more"]
    kept, cold, services = more["kept_pages"], more["cold_load"], more["hsds_limit"]
    most = SEARCH_LARGE_MS if large else SEARCH_MS
    return [
        f"- search of two words at one connection: median {search['median_ms']} ms, 95 % within "
        f"{search['p95_ms']} ms (to reach: {most}); {search['rps']} a second at eight",
        f"- reply at one connection: median {reply['median_ms']} ms (to reach: {REPLY_MS}), "
        f"99 % within {more['reply_p99_ms']} ms; {reply['rps']} a second",
        f"- services: their share is that of a bare route of the same {services['bytes']} bytes, "
        f"{services['rps']:.0f} a second",
        f"- cold page load: {cold['bytes']} bytes in {cold['requests']} requests "
        f"(to reach: {COLD_BYTES} and {COLD_REQUESTS})",
        f"- memory of the server's worker: {result['memory_mb']} MB (to reach: {MEMORY_MB})",
        f"- kept public pages: {kept.get('hits', 0)} hits, {kept.get('misses', 0)} misses",
        "- requests a second in each round, of which the better one stands above: " + _rounds(more["rounds"]),
    ]


def _rounds(rounds: Mapping[str, Sequence[float]]) -> str:
    said = (f"{NAMES[name]} {' and '.join(f'{one:.0f}' for one in each)}" for name, each in rounds.items())
    return "; ".join(said)


def short_of(result: Mapping[str, Any], *, large: bool = False) -> list[str]:
    """What was not reached, each as a sentence; one sentence when everything was."""
    found = [
        f"{NAMES[name]}: {result['pages'][name]['ratio']:.1%} of the limit, not {least:.0%}"
        for name, least in SHARES.items()
        if result["pages"][name]["ratio"] < least
    ]
    singles = [
        ("reply", result["reply"]["median_ms"], REPLY_MS, "ms"),
        ("search", result["search"]["p95_ms"], SEARCH_LARGE_MS if large else SEARCH_MS, "ms"),
        ("cold page load", result["more"]["cold_load"]["bytes"], COLD_BYTES, "bytes"),
        ("cold page load", result["more"]["cold_load"]["requests"], COLD_REQUESTS, "requests"),
        ("memory", result["memory_mb"], MEMORY_MB, "MB"),
    ]
    found += [f"{name}: {value} {unit}, not {most}" for name, value, most, unit in singles if value > most]
    return [f"Falls short: {sentence}." for sentence in found] or ["Everything to be reached was reached."]


def machine() -> str:
    """What this ran on, in one line."""
    name = platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        models = [line for line in cpu.read_text().splitlines() if line.startswith("model name")]
        name = models[0].partition(":")[2].strip() if models else name
    return f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
