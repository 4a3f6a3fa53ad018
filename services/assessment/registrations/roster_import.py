"""A roster is taken in, some thousand rows a transaction: good rows are registered, the others come back with a reason."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.bulk import Good, Refused
from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.ids import new_copied_id
from onex.chassis.jobs import FileWork, Job
from onex.chassis.pii import RESIDENT_IDENTITY, Vault, mask_name
from services.assessment.pilot import queries as pilot
from services.assessment.pilot.queries import College
from services.assessment.plans import queries as plans
from services.assessment.plans.models import Plan
from services.assessment.registrations import queries, rules
from services.assessment.registrations.choices import Choice
from services.assessment.registrations.errors import RowRefused
from services.assessment.registrations.numbers import numbers_of_plan
from services.assessment.registrations.places import Places
from services.assessment.registrations.sheet import ROSTER
from services.assessment.registrations.terms import Terms
from services.assessment.results import annulment_queries as annulments
from services.assessment.sittings import queries as sittings

REMEMBERED = 200_000  # rows of a file, some 30 MB
_COLUMNS = (
    "id", "plan_id", "sitting_id", "number", "learner_id", "sealed_person", "masked_name", "name_index",
    "candidate_kind", "college_id", "seen_job_id", "seen_row",
)  # fmt: skip
_AS_BYTES = ("id", "plan_id", "sitting_id", "learner_id", "college_id", "seen_job_id")
_COMPARED = ("site_code", "candidate_kind", "college_code", "name")
_SEEN_AGAIN = text(
    "UPDATE registration SET seen_job_id = :job_id, seen_row = seen.row"
    " FROM unnest(CAST(:learner_ids AS uuid[]), CAST(:rows AS integer[])) AS seen (learner_id, row)"
    " WHERE registration.plan_id = :plan_id AND registration.learner_id = seen.learner_id"
)
# What a candidate chose, or their school did for them.
_CHOSEN = attrgetter("candidate_kind", "college_code", "certificate_type", "level", "site_code")
Chosen = tuple[str, str, str, str | None, str]


class Candidate(NamedTuple):
    """A good row with what is derived from it: the learner's id, the name's index, and what is stored of the person."""

    row: Good
    learner_id: bytes
    name_index: bytes
    sealed_person: str
    masked_name: str


class RosterImport(FileWork):
    """Registers the candidates of a roster for one plan.

    Parameters of the job: `plan_id`, and `college_id` when a college sent the roster. The plan is locked for each
    step, so that two rosters that come at once never give away one place or one number twice; then the seats of the
    colleges that are named, which plans of one type, level and year share.
    """

    sheet = ROSTER
    chunk_rows = 10_000  # few words with PostgreSQL beside what the rows cost; the plan is locked meanwhile

    def __init__(self, job: Job, source: bytes, vault: Vault) -> None:
        super().__init__(job, source, vault)
        self._registered = 0
        self._first_rows: dict[bytes, int] = {}

    def prepare(self, rows: list[Good]) -> list[Candidate]:
        names = [values.name for _, values in rows]
        numbers = [values.document_number for _, values in rows]
        derived = zip(
            rows,
            self.vault.learner_ids(RESIDENT_IDENTITY, numbers),
            self.vault.blind_indexes(names, "candidate name"),
            self.vault.seal_people(zip(names, numbers, strict=True), RESIDENT_IDENTITY),
            map(mask_name, names),
            strict=True,
        )
        return list(map(tuple.__new__, repeat(Candidate), derived))  # no Python call a row

    def take(self, session: UnitOfWork, rows: list[Candidate]) -> tuple[int, int, list[Refused]]:
        plan = plans.locked(session, uuid.UUID(self.job.parameters["plan_id"]))
        annulled = annulments.annulled_sittings(session, plan.id)
        held = [one for one in sittings.of_plan(session, plan.id) if one.id not in annulled]
        places = Places(held, clock.now())
        colleges = pilot.colleges_by_code(session, {one.row.values.college_code for one in rows})
        terms = Terms(session, plan, colleges, held)
        choice_of = self._choices(session, plan, places, colleges, terms)
        known = self._known(session, plan, rows)
        new: list[tuple[Any, ...]] = []
        again: list[tuple[uuid.UUID, int]] = []
        refused: list[Refused] = []
        first_rows = self._first_rows
        plan_id, job_id, place = plan.id.bytes, self.job.id.bytes, plan.registered
        number_of = numbers_of_plan(plan.year, plan.serial)
        for row, learner_id, name_index, sealed_person, masked_name in rows:
            row_number, values = row
            try:
                choice = choice_of(_CHOSEN(values))
                first_row = first_rows.setdefault(learner_id, row_number)
                if first_row != row_number:
                    raise rules.duplicate_row(first_row)
                if learner_id in known:
                    old = known[learner_id]
                    self._check_same(old, (values.site_code, values.candidate_kind, choice.college_id, name_index))
                    again.append((old.learner_id, row_number))
                    continue
                sitting_id = choice.take_place()
            except RowRefused as no:
                refused.append(self.refuse(row, no.column, no.code, no.reason, no.reason_zh))
                continue
            place += 1
            new.append(
                (
                    new_copied_id().bytes, plan_id, sitting_id, number_of(place), learner_id, sealed_person,
                    masked_name, name_index, values.candidate_kind, choice.college_id, job_id, row_number,
                )
            )  # fmt: skip
        if new:
            self._registered += len(new)
            plan.registered = place
            places.write_down()
            terms.seats.write_down()
            copy_in(session, "registration", _COLUMNS, self.going_ahead(new), as_bytes=_AS_BYTES)
        self._note_seen(session, plan.id, again)
        return len(new), len(again), refused

    def _known(self, session: UnitOfWork, plan: Plan, rows: Sequence[Candidate]) -> dict[bytes, queries.Registered]:
        """Who of these is registered for the plan already.

        As long as all who are registered came in by this work's earlier steps, their rows are at hand, and the database
        need not be asked. The plan is locked: its count says whether there are others.
        """
        if plan.registered == self._registered < REMEMBERED:
            return {}
        self._first_rows.clear()
        return queries.registered(session, plan.id, [one.learner_id for one in rows])

    def _choices(
        self, session: UnitOfWork, plan: Plan, places: Places, colleges: Mapping[str, College], terms: Terms
    ) -> Callable[[Chosen], Choice]:
        """What looks at each choice once a step: says what it comes to, or raises RowRefused."""
        kind = pilot.certificate_type(session, plan.certificate_type_id)
        type_code = kind.code if kind else ""
        sender = self.job.parameters.get("college_id")
        sender_id = uuid.UUID(sender) if sender else None
        ids = {code: college.id for code, college in colleges.items()}

        @cache
        def choice_of(chosen: Chosen) -> Choice:
            candidate_kind, college_code, certificate_type, level, site_code = chosen
            rules.check_certificate(certificate_type, level, type_code, plan.level)
            college_id = rules.college_of(candidate_kind, college_code, ids, sender_id)
            rules.check_site(site_code, places.sites)
            return Choice(colleges[college_code] if college_id else None, site_code, places, terms)

        return choice_of

    def _check_same(self, old: queries.Registered, given: tuple[Any, ...]) -> None:
        if old.seen_job_id == self.job.id:
            raise rules.duplicate_row(old.seen_row)
        if old.released:
            raise rules.registration_released()
        college_id = old.college_id.bytes if old.college_id is not None else None
        was = (old.site_code, old.candidate_kind, college_id, bytes(old.name_index))
        if column := rules.first_difference(was, given, _COMPARED):
            raise rules.already_registered(column)

    def _note_seen(self, session: UnitOfWork, plan_id: uuid.UUID, again: Sequence[tuple[uuid.UUID, int]]) -> None:
        if again:
            learner_ids, rows = zip(*again, strict=True)
            values = {"learner_ids": list(learner_ids), "rows": list(rows)}
            session.execute(_SEEN_AGAIN, values | {"job_id": self.job.id, "plan_id": plan_id})
