"""The plans as a page to be read."""

from tests.registry.plans import filling
from tests.registry.plans.asking import WHOLE, Asked

_HEAD = """# How the registry's lists and reports are read

Written by `ONEX_WRITE_PLANS=1 make test ARGS="-m long tests/registry/plans"`; do not edit. Every door that reads was called by
each role that may enter, with each filter and each sort, by who has been quiet for two years and by who is busy; every statement
that this asked the database was explained. Below, per door, the widest reach of each way in which a table that grows was read.

"""


def written(found: list[Asked], connection: filling.Connection) -> str:
    """What every door reads of tables that grow."""
    lines = [_HEAD, "## Rows", "", "| table | rows |", "| --- | --- |"]
    for table in sorted(filling.GROWING):
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
        lines.append(f"| `{table}` | {row[0] if row else 0:,} |")
    lines += [
        "",
        f"## Plans of {len(found):,} statements",
        "",
        "| door | read by | most rows touched |",
        "| --- | --- | --- |",
    ]
    most: dict[tuple[str, str], int] = {}
    for one in found:
        for scan in one.scans:
            how, _, rows = scan.rpartition(": ")
            key = (one.door, how)
            most[key] = max(most.get(key, 0), int(rows.split()[0]))
    lines += [f"| `{door}` | {how} | {rows:,} |" for (door, how), rows in sorted(most.items())]
    lines += ["", "## Reports about everything there is", "", "They read it, each in one query.", ""]
    lines += [f"- `{door}` {reason}" for door, reason in WHOLE.items()]
    return "\n".join(lines) + "\n"
