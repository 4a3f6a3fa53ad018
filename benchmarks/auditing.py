"""How long `onex audit` takes, and how much memory, with more and more records in the five databases (books.py).

Each audit is a process of its own: once without the two costly steps, once whole, which also replays the transparency log and
verifies every signature. Fails when an audit finds anything (nothing is wrong), or when the server has counted a row that was
written.
The databases grow from size to size, so sizes cannot take turns: what disturbs the machine for a while disturbs one of them.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from rich.console import Console

from benchmarks import figures, machine
from benchmarks.books import Books
from benchmarks.ground import Ground
from benchmarks.memory import peak_mib
from benchmarks.rounds import Round
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
    """Grow to each size and audit there `rounds` times; the largest is compared with the others."""
    taken: dict[str, list[Round]] = {}
    peaks: dict[str, list[float]] = {}
    with Ground() as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        migrate_everything(ground.platform.environment)
        books = Books(ground)
        for size in sorted(sizes):
            side = f"{size:,} certificates"
            started = time.monotonic()
            books.grow_to(size)
            console.print(f"{side} filled in {time.monotonic() - started:,.0f} s", highlight=False)
            for _ in range(rounds):
                quick, whole = _audited(ground, costly=False), _audited(ground, costly=True)
                seconds = {QUICK: quick["seconds"], WHOLE: whole["seconds"]}
                seconds |= {stage: whole["steps"][step] for stage, step in _STEPS.items()}
                taken.setdefault(side, []).append(Round(side, size, seconds))
                peaks.setdefault(side, []).append(whole["peak_mib"])
                told = ", ".join(f"{stage} {one:,.1f} s" for stage, one in seconds.items())
                console.print(f"  {side}: {told}, peak memory {whole['peak_mib']:,.0f} MiB", highlight=False)
        books.close()
    turns = [one for turn in zip(*taken.values(), strict=True) for one in turn]
    first = list(taken)[-1]
    return figures.of("audit", about, turns, first) | figures.peaks(peaks, first)


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
