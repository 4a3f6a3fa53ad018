"""A roster is taken in, a thousand rows a transaction: good rows are registered, the others come back with a reason."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from onex.chassis.bulk import Good, Refused
from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.ids import new_id
from onex.chassis.jobs import FileWork
from onex.chassis.pii import RESIDENT_IDENTITY, mask_name
from services.assessment.pilot import queries as pilot
from services.assessment.plans import queries as plans
from services.assessment.plans.models import Plan
from services.assessment.registrations import queries, rules
from services.assessment.registrations.errors import RowRefused
from services.assessment.registrations.numbers import registration_number
from services.assessment.registrations.places import Places
from services.assessment.registrations.sheet import ROSTER
from services.assessment.sittings import queries as sittings

_COLUMNS = (
    "id", "plan_id", "sitting_id", "number", "learner_id", "sealed_person", "masked_name", "name_index",
    "candidate_kind", "college_id", "seen_job_id", "seen_row",
)  # fmt: skip
_COMPARED = ("site_code", "candidate_kind", "college_code", "name")
_SEEN_AGAIN = text(
    "UPDATE registration SET seen_job_id = :job_id, seen_row = seen.row"
    " FROM unnest(CAST(:learner_ids AS uuid[]), CAST(:rows AS integer[])) AS seen (learner_id, row)"
    " WHERE registration.plan_id = :plan_id AND registration.learner_id = seen.learner_id"
)
Candidate = tuple[Good, uuid.UUID, uuid.UUID | None]


class RosterImport(FileWork):
    """Registers the candidates of a roster for one plan.

    Parameters of the job: `plan_id`, and `college_id` when a college sent the roster. The plan is locked for each
    step, so that two rosters that come at once never give away one place or one number twice.
    """

    sheet = ROSTER

    def take(self, session: UnitOfWork, rows: list[Good]) -> tuple[int, int, list[Refused]]:
        plan = plans.locked(session, uuid.UUID(self.job.parameters["plan_id"]))
        places = Places(sittings.of_plan(session, plan.id))
        refused: list[Refused] = []
        candidates = self._allowed(session, plan, places, rows, refused)
        known = queries.registered(session, plan.id, [learner_id for _, learner_id, _ in candidates])
        new: list[tuple[Any, ...]] = []
        again: list[tuple[uuid.UUID, int]] = []
        blind_index = self.vault.blind_index
        plan_id, year, serial, last_place = plan.id, plan.year, plan.serial, plan.registered
        for row, learner_id, college_id in candidates:
            values = row.values
            name_index = blind_index(values.name, "candidate name")
            old = known.get(learner_id)
            try:
                if old is not None:
                    self._check_same(old, (values.site_code, values.candidate_kind, college_id, name_index))
                    again.append((learner_id, row.row_number))
                    continue
                sitting_id = places.take(values.site_code)
                if sitting_id is None:
                    raise rules.sitting_full()
            except RowRefused as no:
                refused.append(self._back(row, no))
                continue
            number = registration_number(year, serial, last_place + len(new) + 1)
            new.append(self._registration(plan_id, number, row, learner_id, sitting_id, name_index, college_id))
        if new:
            plan.registered = last_place + len(new)
            copy_in(session, "registration", _COLUMNS, new)
            places.write_down()
        self._note_seen(session, plan.id, again)
        return len(new), len(again), refused

    def _allowed(
        self, session: UnitOfWork, plan: Plan, places: Places, rows: Sequence[Good], refused: list[Refused]
    ) -> list[Candidate]:
        """The rows that the plan's rules allow, one a learner, with the learner's id and college."""
        kind = pilot.certificate_type(session, plan.certificate_type_id)
        type_code = kind.code if kind else ""
        colleges = pilot.colleges_by_code(session, {row.values.college_code for row in rows})
        sender = self.job.parameters.get("college_id")
        sender_id = uuid.UUID(sender) if sender else None
        sites, level, learner_id_of = places.sites, plan.level, self.vault.learner_id
        first_rows: dict[uuid.UUID, int] = {}
        allowed: list[Candidate] = []
        for row in rows:
            values = row.values
            try:
                rules.check_certificate(values.certificate_type, values.level, type_code, level)
                college_id = rules.college_of(values.candidate_kind, values.college_code, colleges, sender_id)
                rules.check_site(values.site_code, sites)
                learner_id = learner_id_of(RESIDENT_IDENTITY, values.document_number)
                if first_rows.setdefault(learner_id, row.row_number) != row.row_number:
                    raise rules.duplicate_row(first_rows[learner_id])
            except RowRefused as no:
                refused.append(self._back(row, no))
            else:
                allowed.append((row, learner_id, college_id))
        return allowed

    def _check_same(self, old: queries.Registered, given: tuple[Any, ...]) -> None:
        if old.seen_job_id == self.job.id:
            raise rules.duplicate_row(old.seen_row)
        was = (old.site_code, old.candidate_kind, old.college_id, bytes(old.name_index))
        if column := rules.first_difference(was, given, _COMPARED):
            raise rules.already_registered(column)

    def _registration(
        self, plan_id: uuid.UUID, number: str, row: Good, learner_id: uuid.UUID, sitting_id: uuid.UUID,
        name_index: bytes, college_id: uuid.UUID | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        """The row of the new registration, as _COLUMNS says."""
        values = row.values
        return (
            new_id(), plan_id, sitting_id, number, learner_id,
            self.vault.seal_person(values.name, RESIDENT_IDENTITY, values.document_number),
            mask_name(values.name), name_index, values.candidate_kind, college_id, self.job.id, row.row_number,
        )  # fmt: skip

    def _note_seen(self, session: UnitOfWork, plan_id: uuid.UUID, again: Sequence[tuple[uuid.UUID, int]]) -> None:
        if again:
            learner_ids, rows = zip(*again, strict=True)
            values = {"learner_ids": list(learner_ids), "rows": list(rows)}
            session.execute(_SEEN_AGAIN, values | {"job_id": self.job.id, "plan_id": plan_id})

    def _back(self, row: Good, no: RowRefused) -> Refused:
        return self.refuse(row, no.column, no.code, no.reason, no.reason_zh)
