"""How long `onex audit` takes, and how much memory, with more and more records in the five databases (books.py).

Each audit is a process of its own: once without the two costly steps, once whole, which also replays the transparency log and
verifies every signature. Fails when an audit finds anything (nothing is wrong), or when the server has counted a row that was
written. Each size has a server of its own, so that the sizes take turns.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import psycopg
from rich.console import Console

from benchmarks import figures, machine
from benchmarks.books import Books
from benchmarks.ground import Ground, much_memory
from benchmarks.memory import peak_mib
from benchmarks.rounds import Round, take_turns
from onex.audit.audit import Terms, audit
from onex.chassis.settings import SERVICES
from onex.cli.audit import database_urls
from onex.cli.migrate import migrate_everything
from services.certificates.audit import INVARIANTS

SIZES = (100_000, 1_000_000)
QUICK, WHOLE, LOG, GENUINE = "all but the costly", "everything", "the log replayed", "signatures verified"
_STEPS = {
    stage: next(f"certificates: {one.holds}" for one in INVARIANTS if one.name == name)
    for stage, name in ((LOG, "log_replayed"), (GENUINE, "credentials_genuine"))
}


def measure(rounds: int, sizes: Sequence[int], console: Console) -> dict[str, Any]:
    """Fill a server for each size, then audit them in turn; the largest is compared with the others."""
    peaks: dict[str, list[float]] = {}

    def of_size(size: int, ground: Ground) -> Callable[[], Round]:
        side = _side(size)
        peaks[side] = []

        def take() -> Round:
            quick, whole = _audited(ground, costly=False), _audited(ground, costly=True)
            seconds = {QUICK: quick["seconds"], WHOLE: whole["seconds"]}
            seconds |= {stage: whole["steps"][step] for stage, step in _STEPS.items()}
            peaks[side].append(whole["peak_mib"])
            told = ", ".join(f"{stage} {one:,.1f} s" for stage, one in seconds.items())
            console.print(f"  {side}: {told}, peak memory {whole['peak_mib']:,.0f} MiB", highlight=False)
            return Round(side, size, seconds)

        return take

    with ExitStack() as stack:
        grounds = {size: stack.enter_context(Ground(much_memory())) for size in sorted(sizes)}
        some = grounds[max(sizes)]
        about = machine.describe(some.postgres_url, some.amqp_url)
        for size, ground in grounds.items():
            started = time.monotonic()
            _fill(ground, size)
            console.print(f"{_side(size)} filled in {time.monotonic() - started:,.0f} s", highlight=False)
        taken = take_turns({_side(size): of_size(size, ground) for size, ground in grounds.items()}, rounds)
    first = _side(max(sizes))
    return figures.of("audit", about, taken, first) | figures.peaks(peaks, first)


def _side(size: int) -> str:
    return f"{size:,} certificates"


def _fill(ground: Ground, size: int) -> None:
    migrate_everything(ground.platform.environment)
    books = Books(ground)
    books.grow_to(size)
    books.close()


def _audited(ground: Ground, *, costly: bool) -> dict[str, Any]:
    """One audit in a process of its own. Raises RuntimeError where it finds or writes anything."""
    before = _rows_written(ground)
    command = [sys.executable, "-m", "benchmarks.auditing", *(["--costly"] if costly else [])]
    environment = {**os.environ, **ground.platform.environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    written = _rows_written(ground) - before
    if found["findings"] or written:
        raise RuntimeError(f"found: {found['findings']}; rows written: {written}")
    return found


def _rows_written(ground: Ground) -> int:
    """How many rows the server has inserted, updated and deleted in the services' tables so far."""
    query = "SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables"
    written = 0
    for service in SERVICES:
        with psycopg.connect(ground.service_url(service), autocommit=True) as connection:
            row = connection.execute(query).fetchone()
            assert row is not None
            written += int(row[0])
    return written


def audit_once(*, costly: bool) -> dict[str, Any]:
    """Audit what the environment names: seconds in all and by step, peak memory, the first findings."""
    steps: dict[str, float] = {}
    last: list[Any] = ["start", time.perf_counter()]

    def on_step(step: str) -> None:
        now = time.perf_counter()
        steps[last[0]] = steps.get(last[0], 0) + now - last[1]
        last[:] = [step, now]

    started = time.perf_counter()
    report = audit(database_urls(os.environ), Terms(signatures=costly), on_step=on_step)
    on_step("end")
    return {
        "seconds": time.perf_counter() - started,
        "peak_mib": peak_mib(),
        "findings": [str(one) for one in report.findings[:10]],
        "steps": steps,
    }


if __name__ == "__main__":
    print(json.dumps(audit_once(costly="--costly" in sys.argv)))
