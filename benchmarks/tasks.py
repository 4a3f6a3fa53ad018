"""What every side is asked to do, in terms of its own processes and tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """`parts`: the processes a peer runs, each with a database of its own.

    `stages`: by name, the part whose database shows it, and the table there; ids grow with time in all of them.
    """

    name: str
    parts: tuple[str, ...]
    stages: tuple[tuple[str, str, str], ...]


PIPELINE = Task(
    "pipeline",
    ("issuer", "credit", "notices"),
    (("issued", "issuer", "certificate"), ("booked", "credit", "deposit"), ("noticed", "notices", "notice")),
)
BUS = Task("bus", ("rows",), (("arrived", "rows", "arrival"),))
