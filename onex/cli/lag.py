"""`onex lag`: how far everyone is, and what is stuck, since when, and why."""

from typing import Any

import orjson
from rich.table import Table

from onex.audit.queues import Depth
from onex.audit.standing import ServiceStanding, Standing
from onex.cli.surroundings import console, shown


def show_standing(standing: Standing) -> None:
    """Print the figures for people."""
    table = Table(
        "queue", "waiting", "readers", "handled since", "handled last", title="Consumers", title_justify="left"
    )
    for service in standing.services:
        for one in service.consumers:
            waiting, readers = _depth(one.depth)
            oldest, newest = (shown(at) if at else "-" for at in (one.oldest_handled_at, one.newest_handled_at))
            table.add_row(one.queue, waiting, readers, oldest, newest)
    for queue, depth in standing.shared.items():
        if depth is None or depth.ready:
            table.add_row(queue, *_depth(depth), "", "")
    console.print(table)
    for service in standing.services:
        _show_service(service)
    if standing.is_idle:
        console.print("[green]Nothing waits anywhere.[/green]")


def as_json(standing: Standing) -> str:
    """The same for programs."""
    document = {
        "services": [
            {
                "service": service.service,
                "consumers": [
                    {
                        "queue": one.queue,
                        "waiting": one.depth.ready if one.depth else None,
                        "readers": one.depth.consumers if one.depth else None,
                        "oldest_handled_at": one.oldest_handled_at,
                        "newest_handled_at": one.newest_handled_at,
                    }
                    for one in service.consumers
                ],
                "outbox": [row._asdict() for row in service.outbox],
                "parked": [row._asdict() for row in service.parked],
                "jobs": [row._asdict() for row in service.jobs],
            }
            for service in standing.services
        ],
        "queues": {queue: depth.ready if depth else None for queue, depth in standing.shared.items()},
        "idle": standing.is_idle,
    }
    return orjson.dumps(document, default=float, option=orjson.OPT_INDENT_2).decode()


def _depth(depth: Depth | None) -> tuple[str, str]:
    return (f"{depth.ready:,}", str(depth.consumers)) if depth else ("[red]no such queue[/red]", "-")


def _show_service(service: ServiceStanding) -> None:
    name = service.service
    for row in service.outbox:
        _say(
            f"{name}: {row.depth:,} events not sent yet in lane {row.lane}, the oldest for {float(row.oldest_s):,.0f} s"
        )
    for row in service.parked:
        _say(
            f"{name}: {row.waiting:,} parked from {row.consumer} since {shown(row.since)}: {row.code}: {row.reason}",
            "red",
        )
    for row in service.jobs:
        _say(f"{name}: job {row.id} ({row.kind}) {row.state} since {shown(row.created_at)}, {_progress(row)}")


def _progress(job: Any) -> str:
    of = f" of {job.total:,}" if job.total else ""
    again = f", started {job.starts} times" if job.starts > 1 else ""
    return f"at {job.position:,}{of}: {job.accepted:,} taken, {job.refused:,} refused{again}"


def _say(line: str, style: str | None = None) -> None:
    console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
