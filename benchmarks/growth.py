"""How much longer the product takes when its tables are large: look-ups, pages, inserts, rosters and the inbox.

Service by service, small tables and large ones, each in a database of its own on the same server, filled before. What is timed
are the product's own functions on one connection, in microseconds of waiting an item. Of each kind of work the two take turns
every few milliseconds (A B, B A, A B, ...), so that what disturbs the machine meets both alike; of a round's stretches the best
counts, which is the one least disturbed. The server has two fifths of the machine's memory, into which the tables are read
beforehand, and its processes share one CPU with the one that measures.
After the rounds the plans of all that requests read are looked at, in the large tables.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from rich.console import Console

from benchmarks import cpu, figures, machine
from benchmarks.ground import Ground, much_memory
from benchmarks.growth_assessment import Assessment
from benchmarks.growth_certificates import Certificates
from benchmarks.growth_creditbank import Creditbank
from benchmarks.growth_notifications import Notifications
from benchmarks.large import CLAIMED, INSERTED, LOOK_UP, PAGED, PROVED, Large, Work
from benchmarks.plans import plans_of
from benchmarks.rounds import Round

MILLION, TEN_MILLION = 1_000_000, 10_000_000
PARTS: tuple[type[Large], ...] = (Certificates, Creditbank, Notifications, Assessment)
STRETCHES = 15
SMALL = 100_000
"""With fewer rows PostgreSQL may rightly read a table whole."""
BARS = {
    MILLION: {LOOK_UP: 1.3, PAGED: 1.3, INSERTED: 1.5, CLAIMED: 1.5, PROVED: 1.5},
    TEN_MILLION: {LOOK_UP: 2.0, PAGED: 2.5, INSERTED: 3.5, CLAIMED: 1.3, PROVED: 2.5},
}
"""So many times as long as with the first size it may take at most."""
BYTES_A_ROW = 6_000
"""The disk that the largest service's tables take while they are filled, sorted and indexed."""
# Rows that are filled in one transaction with their table are written once, and not to the log as well.
_FILLING = {"wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off"}


def measure(rounds: int, first: int, size: int, parts: Sequence[type[Large]], console: Console) -> dict[str, Any]:
    """Tables of `size` rows beside tables of `first`, of these parts. Raises RuntimeError for a bad plan."""
    sizes = (first, size)
    seconds: list[dict[int, dict[str, float]]] = [{one: {} for one in sizes} for _ in range(rounds)]
    kinds: dict[str, str] = {}
    plans: list[dict[str, Any]] = []
    with Ground(much_memory()) as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        for part in parts:
            with filled(ground, part, sizes, console) as large:
                works = {of: one.works() for of, one in large.items()}
                kinds |= {name: work.kind for name, work in works[first].items()}
                _round(large, works, 1)  # opens connections, fills caches
                for seen in seconds:
                    for of, of_size in _round(large, works, STRETCHES).items():
                        seen[of] |= of_size
                        costs = ", ".join(f"{name} {one * 1e6:,.0f} µs" for name, one in of_size.items())
                        console.print(f"  {of:>11,} rows: {costs}", highlight=False)
                plans += _plans(large[size], size, console)
    names = {one: f"{one:,} rows" for one in sizes}
    taken = [Round(names[of], 1, of_size) for seen in seconds for of, of_size in seen.items()]
    seen_all = figures.of("growth" if size < TEN_MILLION else "growth_10m", about, taken, names[first])
    seen_all["bars"] = _bars(seen_all["ratio"][names[size]], kinds, size, console)
    seen_all["plans"] = plans
    if bad := [plan for plan in plans if plan["faults"]]:
        raise RuntimeError(f"reads that grow with their tables: {bad}")
    return seen_all


@contextmanager
def filled(ground: Ground, part: type[Large], sizes: Sequence[int], console: Console) -> Iterator[dict[int, Large]]:
    """The part's databases, by size; they are dropped after the block, as the next part needs the room."""
    names = {size: f"{part.service}_{size}" for size in sizes}
    large = {}
    _configure(ground, _FILLING)
    for size, name in names.items():
        started = time.monotonic()
        large[size] = part(ground.make_database(name), ground.platform.environment, size)
        console.print(f"{part.service}: {size:,} rows filled in {time.monotonic() - started:,.0f} s", highlight=False)
    _configure(ground, {})
    for one in reversed(large.values()):  # the smallest last: it would be pushed out
        one.read_in()
    postmaster = ground.platform.pid("postgres")
    assert postmaster is not None
    try:
        with cpu.one_for_both(postmaster):
            yield large
    finally:
        for one in large.values():
            one.database.engine.dispose()
        with psycopg.connect(ground.postgres_url, autocommit=True) as connection:
            for name in names.values():
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _configure(ground: Ground, settings: Mapping[str, str]) -> None:
    """Restart the server with these settings beside its own, and no others."""
    with psycopg.connect(ground.postgres_url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM RESET ALL")
        for name, value in settings.items():
            statement = sql.SQL("ALTER SYSTEM SET {} = {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Literal(value)))
    ground.checkpoint()
    ground.platform.restart("postgres")


def _round(
    large: Mapping[int, Large], works: Mapping[int, Mapping[str, Work]], stretches: int
) -> dict[int, dict[str, float]]:
    """Seconds an item by size and name."""
    sizes = list(large)
    stretch_seconds: dict[int, dict[str, list[float]]] = {size: {name: [] for name in works[size]} for size in sizes}
    for stretch in range(stretches):
        first = stretch % len(sizes)
        for name in works[sizes[0]]:
            for size in sizes[first:] + sizes[:first]:
                stretch_seconds[size][name].append(_stretch(works[size][name]))
        for one in large.values():
            one.tidy()
    return {size: {name: min(values) for name, values in of_size.items()} for size, of_size in stretch_seconds.items()}


def _stretch(work: Work) -> float:
    started = time.perf_counter()
    for _ in range(work.calls):
        work.do()
    return (time.perf_counter() - started) / (work.calls * work.items)


def _plans(large: Large, rows: int, console: Console) -> list[dict[str, Any]]:
    """The plans, printed, and as they are kept."""
    kept = []
    for plan in plans_of(large, without_seqscan=rows < SMALL):
        for line in (*plan.scans, *(f"BAD: {fault}" for fault in plan.faults)):
            console.print(f"  {plan.read}: {line}", highlight=False)
        if plan.scans:
            kept.append({"read": plan.read, "scans": list(plan.scans), "faults": list(plan.faults)})
    return kept


def _bars(
    ratios: Mapping[str, Mapping[str, float]], kinds: Mapping[str, str], size: int, console: Console
) -> list[dict[str, Any]]:
    """Each median beside its bar, printed, and as it is kept."""
    bars = []
    for name, kind in kinds.items() if size in BARS else ():
        median, bar = ratios[name]["median"], BARS[size][kind]
        bars.append({"what": name, "rows": size, "ratio": median, "bar": bar, "held": median <= bar})
        said = "held" if median <= bar else "MISSED"
        console.print(f"  {size:>11,} rows, {name}: ×{median} (at most {bar}): {said}", highlight=False)
    return bars
