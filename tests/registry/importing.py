"""Files of rows, sent to the registry or taken in row by row."""

import io
from typing import Any

from onex.chassis.access import Caller
from onex.chassis.bulk import Refused, Sheet, read
from onex.chassis.problems import Refusal
from onex.chassis.rows import Take
from tests.harness.service import Service, json_of
from tests.registry.world import API, World


def sent(world: World, to: str, *lines: str, **who: Any) -> tuple[int, int, list[str]]:
    """How many rows were new or put right, how many unchanged, and the codes of the refusals."""
    file = {"file": (io.BytesIO("\n".join((*lines, "")).encode()), f"{to}.csv")}
    job = json_of(world.registry.call("POST", f"{API}/imports/{to}", expect=202, data=file, **who))
    world.registry.run_jobs()
    done = world.get(f"/jobs/{job['id']}", **who)
    refused = world.registry.call("GET", f"{API}/jobs/{job['id']}/refusals.csv", **who).get_data(as_text=True)
    codes = [line.split(",")[2] for line in refused.splitlines()[1:]] if done["refused"] else []
    return done["accepted"], done["unchanged"], codes


def taken(registry: Service, sheet: Sheet, take: Take, body: bytes, by: Caller, name: str = "rows.csv") -> list[Any]:
    """What became of each row: True, False, or the column and code of its refusal."""
    outcome: list[Any] = []
    with registry.database.transaction() as session:
        for row in read(body, sheet, filename=name).rows:
            if isinstance(row, Refused):
                outcome.append((row.column, row.code))
                continue
            try:
                with session.begin_nested():
                    outcome.append(take(session, registry.vault, row.values, by))
            except Refusal as refused:
                outcome.append((refused.facts.get("column"), refused.code))
    return outcome
