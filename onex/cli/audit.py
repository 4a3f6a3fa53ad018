"""`onex audit`: the figures of the five databases side by side."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from onex.audit.audit import Report, audit_until_clean
from onex.chassis.settings import SERVICES, read


def database_urls(environ: Mapping[str, str]) -> dict[str, str]:
    """The five databases' addresses, from the environment."""
    return {
        service: read(environ, f"ONEX_DATABASE_URL_{service.upper()}", str, "the address of its PostgreSQL database")
        for service in SERVICES
    }


def run_audit(environ: Mapping[str, str], wait_s: float, console: Console) -> bool:
    """Audit and print; True when everything agrees."""
    report = audit_until_clean(database_urls(environ), wait_s)
    show(report, console)
    return report.is_clean


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
    console.print(table)
    for (book, kind), count in sorted(report.finding_counts.items()):
        console.print(f"[red]{count:,} {kind} in {book}[/red]")
    for finding in report.findings[:20]:
        console.print(f"  {finding.kind} in {finding.book}: {finding.id}")
    for service, count in report.parked.items():
        if count:
            console.print(f"[red]{count:,} parked in {service}: see `onex parked list`[/red]")
    verdict = "[green]All figures agree.[/green]" if report.is_clean else "[red]The figures differ.[/red]"
    console.print(verdict)
