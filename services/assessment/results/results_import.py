"""A results file is taken in, some thousand rows a transaction: scores are weighed and judged, bad rows come back."""

import uuid
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.bulk import Good, Refused, Sheet
from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.ids import new_id
from onex.chassis.jobs import FileWork
from services.assessment.plans import queries as plans
from services.assessment.results import annulment_queries, queries, rules
from services.assessment.results.errors import RowRefused
from services.assessment.results.sheet import results_sheet
from services.assessment.transfers import queries as transfers

_COLUMNS = (
    "id", "registration_id", "plan_id", "scores", "score_hundredths", "passed", "assessed_on", "seen_job_id", "seen_row",
)  # fmt: skip
_REPLACE = text(
    "UPDATE result SET scores = new.scores, score_hundredths = new.score_hundredths, passed = new.passed,"
    " assessed_on = new.assessed_on, seen_job_id = new.seen_job_id, seen_row = new.seen_row"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (id uuid, scores integer[], score_hundredths integer,"
    " passed boolean, assessed_on date, seen_job_id uuid, seen_row integer)"
    " WHERE result.id = new.id AND result.published_at IS NULL"
)
_SEEN_AGAIN = text(
    "UPDATE result SET seen_job_id = :job_id, seen_row = seen.row"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:rows AS integer[])) AS seen (id, row) WHERE result.id = seen.id"
)


class ResultsImport(FileWork):
    """Takes in the scores of one plan's candidates. Parameter of the job: `plan_id`.

    The plan is locked for each step, so that no result is replaced while it is being published.
    """

    def sheet_for(self, session: UnitOfWork) -> Sheet:
        return results_sheet(plans.locked(session, self._plan_id).components)

    @property
    def _plan_id(self) -> uuid.UUID:
        return uuid.UUID(self.job.parameters["plan_id"])

    def take(self, session: UnitOfWork, rows: list[Good]) -> tuple[int, int, list[Refused]]:
        plan = plans.locked(session, self._plan_id)
        weights = [one["weight_percent"] for one in plan.components]
        lines = [one["pass_line_hundredths"] for one in plan.components]
        known = queries.by_number(session, plan.id, [row.values.registration_number for row in rows])
        annulled = annulment_queries.annulled_sittings(session, plan.id)
        not_held, now = transfers.not_held_in(session, plan.id), clock.now()
        first_rows: dict[str, int] = {}
        new: list[tuple[Any, ...]] = []
        changed: list[dict[str, Any]] = []
        again: list[tuple[uuid.UUID, int]] = []
        refused: list[Refused] = []
        more_passed = 0
        for row in rows:
            number, given_day, *scores = row.values
            found = known.get(number)
            try:
                if found is None:
                    raise rules.unknown_registration()
                first_row = first_rows.setdefault(number, row.row_number)
                if first_row != row.row_number:
                    raise rules.duplicate_row(first_row)
                if found.seen_job_id == self.job.id and found.seen_row:
                    raise rules.duplicate_row(found.seen_row)
                if found.annulled:
                    raise rules.result_annulled()
                if found.sitting_id in annulled:
                    raise rules.sitting_annulled()
                if found.released:
                    raise rules.registration_released()
                if found.sitting_id in not_held:
                    raise rules.sitting_not_held()
                rules.check_begun(found.starts_at, now)
                assessed_on = given_day or clock.beijing_day(found.starts_at)
                if found.result_id is not None:
                    if found.scores == scores and found.assessed_on == assessed_on:
                        again.append((found.result_id, row.row_number))
                        continue
                    if found.published_at is not None:
                        raise rules.result_published()
            except RowRefused as no:
                refused.append(self.refuse(row, no.column, no.code, no.reason, no.reason_zh))
                continue
            outcome = rules.judge(scores, weights, lines, plan.pass_line_hundredths)
            more_passed += outcome.passed - bool(found.passed)
            if found.result_id is None:
                new.append(
                    (
                        new_id(), found.registration_id, plan.id, scores, outcome.score_hundredths, outcome.passed,
                        assessed_on, self.job.id, row.row_number,
                    )
                )  # fmt: skip
            else:
                changed.append(
                    {
                        "id": found.result_id,
                        "scores": scores,
                        "score_hundredths": outcome.score_hundredths,
                        "passed": outcome.passed,
                        "assessed_on": assessed_on,
                        "seen_job_id": self.job.id,
                        "seen_row": row.row_number,
                    }
                )
        if new:
            copy_in(session, "result", _COLUMNS, self.going_ahead(new))
        if changed:
            session.execute(_REPLACE, {"rows": orjson.dumps(changed).decode()})
        plan.with_result += len(new)  # the plan is locked
        plan.passed += more_passed
        self._note_seen(session, again)
        return len(new) + len(changed), len(again), refused

    def _note_seen(self, session: UnitOfWork, again: Sequence[tuple[uuid.UUID, int]]) -> None:
        if again:
            ids, rows = zip(*again, strict=True)
            session.execute(_SEEN_AGAIN, {"ids": list(ids), "rows": list(rows), "job_id": self.job.id})
