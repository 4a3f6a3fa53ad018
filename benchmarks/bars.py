"""What the measures have to reach, and whether they did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bar:
    """`path`: where the figure stands in a measure's results. One of `least` and `most` is given."""

    measure: str
    asked: str
    path: tuple[str, ...]
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Judged:
    """A bar beside what was measured: a median, with the range it comes from where there is one."""

    measure: str
    asked: str
    found: Mapping[str, float]
    held: bool


BARS = (
    Bar("pipeline", "at least 0.5 times as fast as the floor", ("ratio", "floor", "complete"), least=0.5),
    Bar("pipeline", "at least 12 times as fast as stock nameko", ("ratio", "stock nameko", "complete"), least=12),
    Bar("bus", "at least 0.5 times as fast as the floor", ("ratio", "floor", "complete"), least=0.5),
    Bar("signing", "issued, by a worker a CPU, at least 2 times as fast as merely signed",
        ("ratio", "@digitalbazaar/vc", "signed"), least=2),
    Bar("signing", "verified at least 2 times as fast", ("ratio", "@digitalbazaar/vc", "verified"), least=2),
    Bar("verify", "at least 0.8 times as fast as bare WSGI", ("ratio", "bare WSGI", "answered"), least=0.8),
    Bar("verify", "p99 at most 1.5 times as long", ("latency_ratio", "bare WSGI", "p99"), most=1.5),
    Bar("import", "at least 0.5 times as fast as parse + COPY", ("ratio", "bare parse + COPY", "taken in"), least=0.5),
    Bar("elsewhere", "a row of ten times as many at least 0.8 times as fast", ("ratio", "10,000 rows", "entered"), least=0.8),
    Bar("elsewhere", "ten times as many rows take at most 1.5 times the memory", ("peak_ratio", "10,000 rows"), most=1.5),
    Bar("audit", "ten times as many certificates take at most 1.1 times the memory",
        ("peak_ratio", "100,000 certificates"), most=1.1),
    Bar("audit", "an entry of ten times as many replayed at least 0.8 times as fast",
        ("ratio", "100,000 certificates", "the log replayed"), least=0.8),
)  # fmt: skip


def judged(seen: Mapping[str, Any]) -> Iterator[Judged]:
    """The bars of one measure's results; one whose other side took no part is left out."""
    for bar in BARS:
        if bar.measure == seen["measure"] and (found := _at(seen, bar.path)) is not None:
            held = found["median"] >= bar.least if bar.least is not None else found["median"] <= (bar.most or 0)
            yield Judged(bar.measure, bar.asked, found, held)
    for one in seen.get("bars", ()):  # growth has one for each kind of work and size
        asked = f"{one['what']} at {one['rows']:,} rows: at most {one['bar']} times as long"
        yield Judged(seen["measure"], asked, seen["ratio"][f"{one['rows']:,} rows"][one["what"]], one["held"])


def _at(seen: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, float] | None:
    found: Any = seen
    for name in path:
        found = found.get(name)
        if found is None:
            return None
    figures: dict[str, float] = found
    return figures
