"""`onex audit`: the figures of the five databases side by side, and every record that is wrong."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from onex.audit.audit import Terms, audit, audit_until_clean
from onex.audit.report import Finding, Report
from onex.chassis.settings import SERVICES, read

NAMED = 20
"""So many records of a kind are named on the screen; `--csv` gets all."""


def database_urls(environ: Mapping[str, str]) -> dict[str, str]:
    """The five databases' addresses, from the environment."""
    return {
        service: read(environ, f"ONEX_DATABASE_URL_{service.upper()}", str, "the address of its PostgreSQL database")
        for service in SERVICES
    }


def run_audit(
    environ: Mapping[str, str],
    wait_s: float,
    console: Console,
    terms: Terms | None = None,
    csv_path: Path | None = None,
) -> bool:
    """Audit and print; True when no record is wrong and, after waiting for it, nothing is under way either.

    `csv_path` gets every finding: kind, service, book, record, detail.
    """
    broker = read(environ, "ONEX_AMQP_ADMIN_URL", str, "RabbitMQ's address", "")
    terms = replace(terms or Terms(), amqp_url=broker or None)
    urls = database_urls(environ)
    with ExitStack() as stack:
        keep = lambda finding: None  # noqa: E731
        if csv_path:
            sheet = csv.writer(stack.enter_context(csv_path.open("w", newline="", encoding="utf-8")))
            sheet.writerow(("kind", "service", "book", "record", "detail"))

            def keep(finding: Finding) -> None:
                sheet.writerow((finding.kind, finding.service, finding.book, finding.record, finding.detail))

        if wait_s:
            audit_until_clean(urls, wait_s, terms=replace(terms, signatures=False))
        with console.status("Auditing …") as status:
            report = audit(urls, terms, on_finding=keep, on_step=lambda step: status.update(f"Auditing: {step} …"))
    show(report, console)
    return report.is_clean if wait_s else report.is_sound


def show(report: Report, console: Console) -> None:
    """Print a report for people."""
    table = Table(title="Audit: every pass is one certificate, one deposit, one notice", title_justify="left")
    table.add_column("book")
    table.add_column("records", justify="right")
    for name in ("passes", "certificates", "deposits", "notices"):
        table.add_row(name, f"{report.figures.get(name, 0):,}")
    for state, count in sorted(report.deliveries.items()):
        table.add_row(f"webhook deliveries {state}", f"{count:,}")
    table.add_row("certificates waiting for an approved credit record", f"{report.waiting_for_credit:,}")
    table.add_row("events not sent yet", f"{sum(report.unsent.values()):,}")
    table.add_row("events parked", f"{sum(report.parked.values()):,}")
    for book, count in sorted(report.under_way.items()):
        table.add_row(f"under way to {book}", f"{count:,}")
    console.print(table)
    _show_findings(report, console)
    if not report.is_sound:
        console.print("[red]The figures differ.[/red]")
    elif not report.is_clean:
        console.print("[green]No record is wrong.[/green] Some are under way: `onex audit --wait 60` sees them arrive.")
    else:
        console.print("[green]All figures agree.[/green]")


def _show_findings(report: Report, console: Console) -> None:
    kept: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        kept[finding.service, finding.book, finding.kind].append(finding)
    for place, count in sorted(report.finding_counts.items()):
        service, book, kind = place
        console.print(f"[red]{count:,} {kind} in {service}: {book}[/red]")
        for finding in kept[place][:NAMED]:
            console.print(f"  {finding.record}  {finding.detail}", markup=False, highlight=False, soft_wrap=True)
        if count > NAMED:
            console.print(f"  … and {count - NAMED:,} more; `--csv FILE` writes all")
    if any(report.parked.values()):
        console.print("What is parked, and why: `onex parked list`")
