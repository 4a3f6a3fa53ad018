"""Registrations and results in large tables: pages, taking rosters in."""

import functools
import random
import uuid

from sqlalchemy import Select

from benchmarks import filling
from benchmarks.large import INSERTED, PAGED, Large, Read, Work, pages
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id, new_ids
from onex.chassis.jobs import Job
from onex.chassis.pii import RESIDENT_IDENTITY, mask_name
from onex.chassis.web.paging import page
from onex.demo.rosters import make_roster
from services.assessment.plans import queries as plans
from services.assessment.registrations import queries as registrations
from services.assessment.registrations.models import Registration
from services.assessment.registrations.roster_import import RosterImport
from services.assessment.results import queries as results
from services.assessment.results.models import Result

PLAN_ROWS = 20_000
ROSTER_ROWS = 1_000
NEW_PLANS = 1_000
COLLEGE_CODES = [f"1244000045678{place:04d}A" for place in range(len(filling.COLLEGES))]
SITES = ["GD-0001", "GD-0002", "GD-0003"]
_COLLEGE = (
    "INSERT INTO organization (id, version, kind, code, name_zh, name_en, division_code)"
    " VALUES (%s, 1, 'college', %s, '学院', 'College', '440000')"
)
_TYPE = (
    "INSERT INTO certificate_type (id, version, code, name_zh, name_en, teo_id, levels)"
    """ VALUES (%s, 1, '004', '前端', 'Front end', %s, CAST('{"intermediate": "1.0"}' AS jsonb))"""
)
_QUOTAS = (
    "INSERT INTO quota (id, version, college_id, certificate_type_id, level, year, seats)"
    " SELECT uuidv7(), 1, id, %s, 'intermediate', 2026, 100000000 FROM organization"
)
_FEES = (
    "INSERT INTO fee_agreement (id, teo_id, college_id, certificate_type_id, level, amount_fen, in_force_from, in_force_to,"
    " said_at) SELECT uuidv7(), %s, id, %s, 'intermediate', 45000, '2019-04-16', '2099-12-31', now() FROM organization"
)
_SITE = (
    "INSERT INTO site (id, code, college_id, teo_id, certificate_type_id, division_code, said_at)"
    " VALUES (uuidv7(), %s, %s, %s, %s, '440000', now())"
)
_PLANS = """
    INSERT INTO plan (id, certificate_type_id, level, standard_version, teo_id, title_zh, title_en, year, components,
        pass_line_hundredths, state, registered, created_by)
    SELECT uuidv7(), %s, 'intermediate', '1.0', %s, '考核', 'Assessment', 2026,
        '[{"code": "T", "name_zh": "理论", "name_en": "Theory", "weight_percent": 100, "pass_line_hundredths": 0}]',
        6000, 'published', 0, 'benchmark' FROM generate_series(1, %s) RETURNING id
"""
_SITTINGS = """
    INSERT INTO sitting (id, plan_id, site_id, site_code, starts_at, ends_at, capacity, registered, created_by)
    SELECT uuidv7(), plan.id, site.id, site.code, now(), now() + interval '2 hours', 100000000, 0, 'benchmark'
    FROM plan CROSS JOIN site
"""
# Registrations lie in the order of their plans; learners anywhere in their index.
_REGISTRATIONS = """
    INSERT INTO registration (id, plan_id, sitting_id, number, learner_id, sealed_person, masked_name, name_index,
        candidate_kind, college_id, seen_job_id, seen_row)
    SELECT uuidv7(), plan.id, sitting.id, 'R26' || lpad(plan.serial::text, 5, '0') || lpad(place::text, 6, '0') || '00',
        gen_random_uuid(), %(sealed)s, %(masked)s, %(index)s, 'student',
        (CAST(%(colleges)s AS uuid[]))[1 + place %% cardinality(%(colleges)s)], plan.id, place
    FROM unnest(CAST(%(plans)s AS uuid[])) WITH ORDINALITY AS one (id, nth)
    JOIN plan ON plan.id = one.id
    JOIN LATERAL (SELECT id FROM sitting WHERE sitting.plan_id = plan.id LIMIT 1) AS sitting ON true
    CROSS JOIN generate_series(1, %(each)s) AS series (place)
    ORDER BY one.nth, place
"""
_RESULTS = """
    INSERT INTO result (id, registration_id, plan_id, scores, score_hundredths, passed, assessed_on, published_at,
        seen_job_id, seen_row)
    SELECT uuidv7(), id, plan_id, '{8000}', 8000, true, current_date, now(), plan_id, seen_row FROM registration
"""
_SEATS = """
    INSERT INTO seats_taken (college_id, certificate_type_id, level, year, taken)
    SELECT registration.college_id, plan.certificate_type_id, plan.level, plan.year, count(*)
    FROM registration JOIN plan ON plan.id = registration.plan_id GROUP BY 1, 2, 3, 4
"""
_COUNTS = """
    UPDATE plan SET registered = %(each)s, with_result = %(each)s, passed = %(each)s, results_published = %(each)s
    WHERE id = ANY (%(plans)s)
"""


@functools.cache
def roster(nth: int) -> bytes:
    """The same rosters for all sizes, each of other people."""
    made = make_roster(ROSTER_ROWS, seed=nth, colleges=COLLEGE_CODES, sites=SITES, certificate_type="004")
    return made.data


class Assessment(Large):
    service = "assessment"
    tables = ("registration", "result")

    def fill(self, connection: filling.Connection, rows: int) -> None:
        type_id, self._teo = new_ids(2)
        for college_id, code in zip(filling.COLLEGES, COLLEGE_CODES, strict=True):
            connection.execute(_COLLEGE, (college_id, code))
        connection.execute(_TYPE, (type_id, self._teo))
        connection.execute(_QUOTAS, (type_id,))
        connection.execute(_FEES, (self._teo, type_id))
        for code in SITES:
            connection.execute(_SITE, (code, filling.COLLEGES[0], self._teo, type_id))
        plan_count = max(1, rows // PLAN_ROWS)
        made = connection.execute(_PLANS, (type_id, self._teo, plan_count + NEW_PLANS)).fetchall()
        self._plans: list[uuid.UUID] = [plan_id for (plan_id,) in made[:plan_count]]
        self._new_plans = [plan_id for (plan_id,) in made[plan_count:]]
        self._imported = 0
        connection.execute(_SITTINGS)
        connection.execute("ANALYZE plan, sitting")
        values = {
            "sealed": self.vault.seal_person(filling.NAME, RESIDENT_IDENTITY, "11010520000101001X"),
            "masked": mask_name(filling.NAME),
            "index": self.vault.blind_index(filling.NAME, "candidate name"),
            "colleges": list(filling.COLLEGES),
            "plans": self._plans,
            "each": rows // plan_count,
        }
        with filling.stripped(connection, *self.tables):
            connection.execute(_REGISTRATIONS, values)
            connection.execute(_RESULTS)
        connection.execute(_SEATS)
        connection.execute(_COUNTS, {"each": values["each"], "plans": self._plans})
        some = connection.execute("SELECT learner_id FROM registration WHERE plan_id = %s", [self._plans[0]])
        self._learners: list[uuid.UUID] = [learner_id for (learner_id,) in some.fetchmany(1_000)]

    def works(self) -> dict[str, Work]:
        return {
            "page of a plan's registrations": Work(PAGED, self.paging(self._a_plans, Registration.id), 6),
            "page of a college's in a plan": Work(PAGED, self.paging(self._a_colleges, Registration.id), 6),
            "summary of a plan's results": Work(PAGED, self.reading(self._summary), 6),
            "roster row": Work(INSERTED, self._import, 1, ROSTER_ROWS),
        }

    def reads(self) -> dict[str, Read]:
        return {
            "pages of a plan's registrations": pages(self._a_plans(), Registration.id),
            "pages of a college's in a plan": pages(self._a_colleges(), Registration.id),
            "file of a plan's registrations": lambda _: next(registrations.stream(self.database, self._plans[0])),
            "summary of a plan's results": self._summary,
            "page of a learner's results": self._my_results,
            "newest result not published": lambda session: results.newest_unpublished(session, self._plans[0]),
        }

    def _teos(self) -> Caller:
        return Caller("benchmark", Role.TEO, organization_id=self._teo)

    def _a_plans(self) -> Select[Registration]:
        return registrations.of_plan(random.choice(self._plans), self._teos())

    def _a_colleges(self) -> Select[Registration]:
        college = Caller("benchmark", Role.COLLEGE, organization_id=random.choice(filling.COLLEGES))
        return registrations.of_plan(random.choice(self._plans), college)

    def _summary(self, session: UnitOfWork) -> None:
        results.summary(plans.one_visible(session, random.choice(self._plans), self._teos()))

    def _my_results(self, session: UnitOfWork) -> None:
        found = page(session, results.of_learner(random.choice(self._learners)), Result.id, None, None)
        results.assessed_in(session, found["items"])

    def _import(self) -> None:
        """One roster, as the job runner has it taken in, but for the job's own row."""
        plan_id = self._new_plans[self._imported % NEW_PLANS]
        job = Job(new_id(), "roster", self._teo, "benchmark", {"plan_id": str(plan_id)}, "roster.csv", 0)
        work = RosterImport(job, roster(self._imported), self.vault)
        self._imported += 1
        taken = 0
        while True:
            with self.database.transaction() as session:
                progress = work.step(session)
                if progress is None:
                    break
                taken += progress.accepted
        if taken < ROSTER_ROWS * 0.9:
            raise RuntimeError(f"only {taken} rows were taken in")
