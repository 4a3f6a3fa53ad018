"""docs/reports/measures.md, written from results/*.json by `python -m benchmarks.report`: no figure is typed by hand."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import bars

FOLDER = Path(__file__).parent
RESULTS, PAGE = FOLDER / "results", FOLDER.parent / "docs" / "reports" / "measures.md"
MEASURES = {
    "pipeline": "from the published result to booked credit and recorded notice",
    "webhooks": "the same, to the delivered notice",
    "bus": "outbox, relay, quorum queue, inbox, row",
    "signing": "issuing and verifying, beside merely signing and verifying",
    "verify": "public inquiry",
    "import": "rosters",
    "elsewhere": "certificates issued elsewhere",
    "latency": "from publication to the partner",
    "growth": "what a million rows cost",
    "growth_10m": "what ten million rows cost",
    "audit": "all records compared, the log replayed",
}
_HEAD = """# Measures

Written by `make bench` (or, from the kept results, `python -m benchmarks.report`); do not edit. How each figure is taken, and
what to bear in mind with it, stands in [benchmarks/README.md](../../benchmarks/README.md). Absolute figures tell about the
machine as much as about the code: what counts are the ratios, and the range they come from.
"""
_SERVERS = ("postgres", "rabbitmq")


def markdown(seen: dict[str, Any]) -> str:
    """A measure's tables, with the command and the machine they come from."""
    return "\n".join([*_origin(seen), "", *_TABLES[seen["measure"]](seen)])


def _origin(seen: dict[str, Any]) -> list[str]:
    about = seen["machine"]
    turns = len(seen["rounds"]) // len(seen["sides"])
    counts = ", ".join(f"{one['count']:,} ({one['side']})" for one in seen["rounds"][: len(seen["sides"])])
    return [
        f"`{seen['command']}`: {turns} rounds; items a turn: {counts}. {about['cpus']} CPUs ({about['cpu_model']}), "
        f"load {about['load_before']:.1f} before and {about['load_after']:.1f} after it, "
        f"Python {about['python']}, PostgreSQL {about['postgresql']}, "
        f"RabbitMQ {about['rabbitmq']}. Medians, least to most."
    ]


def _rates(seen: dict[str, Any]) -> list[str]:
    sides, first = seen["sides"], seen["first"]
    stages = list(seen["per_second"][first])
    rows = [[f"{stage}, a second", *(_cell(seen["per_second"][side][stage]) for side in sides)] for stage in stages]
    last = stages[-1]
    times = [f"{first} is so many times as fast"]
    times += ["–" if side == first else f"**{_cell(seen['ratio'][side][last])}**" for side in sides]
    return _table(["", *sides], [*rows, times])


def _each_rate(seen: dict[str, Any]) -> list[str]:
    """Every stage with its ratio; what only the first side does; and memory, where it was looked at."""
    sides, first = seen["sides"], seen["first"]
    rows = []
    for stage in seen["per_second"][first]:
        rows.append([f"{stage}, a second", *(_cell(seen["per_second"][side][stage]) for side in sides)])
        ratios = {side: of_side[stage] for side, of_side in seen["ratio"].items()}
        rows.append(_times(seen, f"{first} is so many times as fast", ratios))
    for stage, of_first in seen.get("alone", {}).items():
        rows.append([f"{stage}, a second", *(_cell(of_first) if side == first else "–" for side in sides)])
    if "peak_mib" in seen:
        rows.append(["peak memory, MiB", *(_cell(seen["peak_mib"][side]) for side in sides)])
        rows.append(_times(seen, f"{first} takes so many times as much", seen["peak_ratio"]))
    return _table(["", *sides], rows)


def _times(seen: dict[str, Any], about: str, ratios: dict[str, dict[str, float]]) -> list[str]:
    return [about, *(f"**{_cell(ratios[side])}**" if side in ratios else "–" for side in seen["sides"])]


def _work(seen: dict[str, Any]) -> list[str]:
    return [*_rates(seen), "", *_costs(seen), *_between(seen)]


def _between(seen: dict[str, Any]) -> list[str]:
    """What stands between the product and the floor, where the floor took part."""
    if "floor" not in seen.get("cpu_us", ()):
        return []
    ours, floors = (_parts(seen["cpu_us"][side]) for side in (seen["first"], "floor"))
    told = ", ".join(f"{part} {ours[part] - floors[part]:+,.0f}" for part in ours)
    return ["", f"Between {seen['first']} and the floor, µs of CPU an item: {told}."]


def _parts(used: dict[str, float]) -> dict[str, float]:
    own = sum(us for group, us in used.items() if group not in _SERVERS)
    parts = {"its own processes": own} | {server: used[server] for server in _SERVERS if server in used}
    return parts | {"in all": sum(used.values())}


def _costs(seen: dict[str, Any]) -> list[str]:
    sides, first = seen["sides"], seen["first"]
    if "cpu_us" not in seen:
        return []
    used = seen["cpu_us"]
    parts = {side: _parts(used[side]) for side in sides}
    rows = [[name, *(f"{parts[side].get(name, 0):,.0f}" for side in sides)] for name in parts[first]]
    if "cpu_ratio" in seen:
        times = ["–" if side == first else _cell(seen["cpu_ratio"][side]) for side in sides]
        rows.append([f"so many times {first}'s", *times])
    groups = [f"{group} {us:,.0f}" for group, us in used[first].items() if group not in _SERVERS]
    detail = ["", f"Of {first}'s own: {', '.join(groups)}."] if len(groups) > 1 else []
    return [*_table(["CPU, µs an item", *sides], rows), *detail]


def _verify(seen: dict[str, Any]) -> list[str]:
    sides, first = seen["sides"], seen["first"]
    waits = [
        [f"{name}, ms", *(_cell(seen["latency_ms"][side][name]) for side in sides)]
        for name in seen["latency_ms"][first]
    ]
    longer = [
        [f"{first}'s {name} is so many times as long"]
        + ["–" if side == first else f"**{_cell(seen['latency_ratio'][side][name])}**" for side in sides]
        for name in seen["latency_ms"][first]
    ]
    return [*_rates(seen), "", *_table(["", *sides], [*waits, *longer]), "", *_costs(seen)]


def _latency(seen: dict[str, Any]) -> list[str]:
    sides = seen["sides"]
    rows = [[f"{name}, ms", *(_cell(seen["latency_ms"][side][name]) for side in sides)] for name in _names(seen)]
    return [f"Under load: {seen['load_per_second']:,.0f} results a second.", "", *_table(["", *sides], rows)]


def _names(seen: dict[str, Any]) -> list[str]:
    return list(seen["latency_ms"][seen["first"]])


def _growth(seen: dict[str, Any]) -> list[str]:
    sides, first = seen["sides"], seen["first"]
    times = {}
    for name in seen["per_second"][first]:
        times[name] = {
            side: sorted(one["seconds"][name] for one in seen["rounds"] if one["side"] == side) for side in sides
        }
    rows = []
    for name, of_side in times.items():
        cells = []
        for side in sides:
            values = of_side[side]
            cell = f"{values[len(values) // 2] * 1e6:,.0f} ({values[0] * 1e6:,.0f} to {values[-1] * 1e6:,.0f})"
            cells.append(cell if side == first else f"{cell} · **×{_cell(seen['ratio'][side][name])}**")
        rows.append([f"{name}, µs", *cells])
    return _table(["", *sides], rows)


_TABLES: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "pipeline": _work, "webhooks": _work, "bus": _work, "import": _work, "verify": _verify,
    "latency": _latency, "growth": _growth, "growth_10m": _growth,
    "signing": _each_rate, "elsewhere": _each_rate, "audit": _each_rate,
}  # fmt: skip


def _cell(one: Mapping[str, float]) -> str:
    return f"{_number(one['median'])} ({_number(one['least'])} to {_number(one['most'])})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _table(heading: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heading, ["---"] * len(heading), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def page(read: Callable[[str], dict[str, Any] | None]) -> str:
    """The whole page; a measure that `read` does not know says so."""
    seen = {name: read(name) for name in MEASURES}
    parts = [_HEAD, *_bars([one for one in seen.values() if one])]
    for name, about in MEASURES.items():
        one = seen[name]
        parts += ["", f"## {name}: {about}", "", markdown(one) if one else "Not measured yet."]
    return "\n".join(parts) + "\n"


def _bars(measures: list[dict[str, Any]]) -> list[str]:
    rows = [
        [one.measure, one.asked, _cell(one.found), "held" if one.held else "**missed**"]
        for seen in measures
        for one in bars.judged(seen)
    ]
    return _table(["measure", "what is asked", "measured", ""], rows)


def kept(name: str) -> dict[str, Any] | None:
    """The results of a measure as they lie in results/."""
    file = RESULTS / f"{name}.json"
    if not file.exists():
        return None
    seen: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return seen


def write() -> None:
    """Rewrite docs/reports/measures.md."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(kept), encoding="utf-8")


if __name__ == "__main__":
    write()
