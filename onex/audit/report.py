"""What an audit found."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from onex.chassis.invariants import Kind

KEPT = 1_000
"""So many findings are kept to be shown; all are counted, and given to `on_finding`."""


@dataclass(frozen=True)
class Finding:
    """One record with which something is wrong."""

    kind: Kind
    service: str
    book: str
    """The book it should be, or should not be, in; or the invariant that it breaks."""
    record: str
    detail: str = ""


@dataclass
class Report:
    """What an audit saw."""

    figures: dict[str, int] = field(default_factory=dict)
    unsent: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)
    deliveries: dict[str, int] = field(default_factory=dict)
    waiting_for_credit: int = 0
    under_way: Counter[str] = field(default_factory=Counter)
    """By book: records that are not there yet, and that something on the road may still bring."""
    findings: list[Finding] = field(default_factory=list)
    finding_counts: Counter[tuple[str, str, Kind]] = field(default_factory=Counter)
    on_finding: Callable[[Finding], None] = field(default=lambda finding: None, repr=False)

    def add(self, finding: Finding) -> None:
        """Count a finding, hand it on, and keep it while there is room."""
        self.finding_counts[finding.service, finding.book, finding.kind] += 1
        if len(self.findings) < KEPT:
            self.findings.append(finding)
        self.on_finding(finding)

    @property
    def is_sound(self) -> bool:
        """Whether no record is wrong; some may be under way."""
        return not self.finding_counts

    @property
    def is_clean(self) -> bool:
        """Whether everything agrees and nothing waits."""
        waits = any(self.unsent.values()) or any(self.parked.values()) or bool(self.waiting_for_credit)
        return self.is_sound and not waits and not self.under_way and not self.deliveries.get("pending")
