"""Every door of the registry, called as every role, on its own side's records and on a foreign one's: nothing leaks.

The doors are those of the app's own map: a door made tomorrow is walked through tomorrow. A door whose path names a record that
`RECORDS` does not know fails the test, so that nobody forgets.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from hypothesis import find
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.test import TestResponse

from onex.chassis.access import EVERYWHERE, Role
from onex.chassis.problems import Forbidden
from tests.attack.doors import Door, doors_of
from tests.harness.service import Service, json_of
from tests.registry.sides import Side

API = "/registry/v1"
SCOPED = (Role.PROVINCE, Role.TEO, Role.COLLEGE, Role.PARTNER, Role.LEARNER)
READING = "GET"
# Tables of which the sides make no record: nobody reaches them by a path.
UNMADE = {
    "access_key", "change", "change_head", "refresh_token", "sign_in_guard", "week_checked",
    "organization", "signing_key", "cancelled_qualification", "training_attendance",
}  # fmt: skip
# What a path's parameter stands for, by the words of the path before it.
RECORDS: dict[str, str] = {
    "activities": "activity", "agreements": "agreement", "allocations": "allocation", "applications": "application",
    "batches": "batch", "batches/colleges": "organization:college", "certificate-types": "certificate_type",
    "certificate-types/standards": "standard", "clients": "client", "college-filings": "college_filing",
    "consortia": "consortium", "cost-accounts": "cost_account", "course-mappings": "course_mapping",
    "divisions": "=110108", "evaluations": "evaluation", "exit-cases": "exit_case", "expert-pool": "expert",
    "quality-indicators": "organization:college",
    "fee-agreements": "fee_agreement", "fee-ceilings": "fee_ceiling", "fee-policies": "fee_policy", "fields": "field",
    "fund-uses": "fund_use", "good-cases": "good_case", "imports": "=organizations", "inspection-draws": "inspection_draw",
    "inspections": "inspection", "inspections/findings": "inspection_finding", "inspectors": "inspector",
    "invitations": "invitation", "jobs": "job", "liaisons": "liaison", "misuses": "misuse",
    "monitoring-draws": "monitoring_draw", "monitoring-points": "monitoring_point", "notices": "application",
    "objections": "objection", "objections/receipts": "=no-receipt", "opinions": "opinion",
    "organizations": "organization:college", "organizations/stale": "organization:teo",
    "outside-people": "outside_person", "people": "person", "people/roles": "person_role", "policies": "policy",
    "policies/attachments": "policy_attachment", "publicity/authorizations": "publicity_authorization",
    "publicity/filings": "publicity_filing", "publicity/findings": "publicity_finding", "publishers": "publisher",
    "receipts": "receipt", "recruitment-rounds": "recruitment_round", "rectifications": "rectification",
    "report-breaks": "report_break", "report-kinds": "report_kind.code", "report-kinds/periods": "=2026-W02",
    "reports": "report", "resources": "resource", "sessions": "person_session",
    "site-conditions": "site_condition_list", "sites": "site", "suggestions": "suggestion",
    "training-bases": "organization:training_base", "training/announcements": "training_programme",
    "training/enrolments": "training_enrolment", "training/experts": "training_expert",
    "training/programmes": "training_programme", "training/requests": "training_request",
    "training/roles": "teacher_role", "training/sessions": "training_session", "training/teachers": "teacher",
    "training/workloads": "training_workload", "use-categories": "use_category.code",
}  # fmt: skip
# Records that are nobody's, or everybody's to read or to answer to, with the reason. A role is named where it is only one.
_BATCHES, _CONSORTIA = (
    "the pilot's batches, their days and their colleges are everyone's",
    "a consortium shows itself to everyone",
)
_OF_TEOS = "a TEO works in every province, so every province sees what it is held to (PP-01)"
_WORDS = "words that reports and fund uses are written in, everyone's"
OF_EVERYONE: dict[str, str] = {
    "GET /batches": _BATCHES,
    "GET /batches/<uuid:batch_id>": _BATCHES,
    "GET /batches/<uuid:batch_id>/colleges": _BATCHES,
    "GET /consortia": _CONSORTIA,
    "GET /consortia/<uuid:consortium_id>": _CONSORTIA,
    "GET /consortia/<uuid:consortium_id>/members": _CONSORTIA,
    "POST /consortia/<uuid:consortium_id>/members": "any college of its type may join a consortium",
    "POST /recruitment-rounds/<uuid:round_id>/applications": "any TEO may apply in a round",
    "POST /training/programmes/<uuid:programme_id>/enrolments": "colleges enrol their teachers with any organizer",
    "GET /organizations province": _OF_TEOS,
    "GET /agreements province": _OF_TEOS,
    "GET /agreements/<uuid:agreement_id> province": _OF_TEOS,
    "GET /resources/overdue province": _OF_TEOS,
    "GET /training/experts province": _OF_TEOS,
    "GET /training/experts/<uuid:expert_id> province": _OF_TEOS,
    "GET /organizations/<uuid:teo_id>/stale province": _OF_TEOS,
    "GET /report-kinds": _WORDS,
    "GET /report-kinds/<code>/periods/<period>/missing": "a kind is everyone's; who is missing is told of the own territory only",
    "GET /imports/<string:name>/template.csv": "an empty file to fill in",
    "GET /use-categories": _WORDS,
}
# Doors that the sides' records open to nobody, with the reason; their areas' own tests try them.
UNTRIED: dict[str, str] = {
    "POST /sessions/<uuid:id_>/end": "a session is ended by the person whose it is, and the callers here are clients",
    "POST /training/programmes/<uuid:programme_id>/requests": "requests belong to a government's programme, and these are TEOs'",
    "GET /opinions/<uuid:opinion_id>/contact": "the opinions here left no way to reach anybody",
    "GET /quality-indicators/<uuid:organization_id>": "indicators are of who takes part, and these are registered only",
}


def parameter_tables(rule: str) -> Iterator[tuple[str, str]]:
    """Each parameter of a rule, and the words of the path before it."""
    words: list[str] = []
    for part in rule.removeprefix(API).strip("/").split("/"):
        if part.startswith("<"):
            yield part.strip("<>"), "/".join(words)
        else:
            words.append(part)


@dataclass
class Matrix:
    """The two sides, the doors, and the calls."""

    registry: Service
    mine: Side
    foreign: Side
    bodies: dict[tuple[str, str], Any] = field(default_factory=dict)

    @cached_property
    def doors(self) -> list[Door]:
        return [
            door
            for door in doors_of(self.registry)
            if door.rule.startswith(API + "/") and not door.rule.endswith("/docs")
        ]

    def path(self, door: Door, side: Side) -> str:
        """The door's address with the side's records in it."""
        address = door.rule
        for parameter, words in parameter_tables(door.rule):
            if "stale" in door.rule and words == "organizations":
                words = "organizations/stale"
            address = address.replace(f"<{parameter}>", self._key(RECORDS[words], side))
        return address

    def _key(self, known: str, side: Side) -> str:
        table, _, column = known.partition(".")
        if known.startswith("="):
            return known[1:]
        if known.startswith("organization:"):
            return str(side.organizations[known.partition(":")[2]])
        return str(side.records[table][column or "id"])

    def call(self, door: Door, path: str, role: Role | None, side: Side | None = None, **options: Any) -> TestResponse:
        """Call as the role in the scope of its side."""
        who: dict[str, Any] = {}
        if side is not None:
            organizations = {Role.TEO: side.teo, Role.COLLEGE: side.college}
            who = {
                "organization_id": organizations.get(role) if role else None,
                "province_code": side.province_code if role is Role.PROVINCE else None,
                "learner_id": uuid.UUID(int=7) if role is Role.LEARNER else None,
            }
        if door.body is not None and "json" not in options:
            name = (door.method, door.rule)
            if name not in self.bodies:
                self.bodies[name] = body_of(door.body, self.mine)
            options["json"] = self.bodies[name]
        return self.registry.call(door.method, path, role=role, **who, **options)

    def changes(self) -> int:
        """How many changes there were: the history counts every one."""
        with self.registry.database.session() as session:
            return int(session.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one())


@pytest.fixture
def matrix(service: Callable[[str], Service]) -> Matrix:
    registry = service("registry")
    with registry.database.transaction() as session:
        sides = [
            Side(session, registry.vault, *named)
            for named in (("mine", "901", "11", "110108"), ("foreign", "902", "32", "320102"))
        ]
        for side in sides:
            side.make_everything(UNMADE)
            side.records["job"] = {"id": _job(session, side)}
    return Matrix(registry, *sides)


def _job(session: Any, side: Side) -> uuid.UUID:
    made = session.execute(
        text(
            "INSERT INTO job (id, kind, owner_id, created_by, parameters, state, traceparent)"
            " VALUES (gen_random_uuid(), 'import', :owner, :by, '{}', 'done', '') RETURNING id"
        ),
        {"owner": side.college, "by": f"of-{side.name}-"},
    )
    return uuid.UUID(str(made.scalar_one()))


def body_of(schema: dict[str, Any], side: Side, name: str = "") -> Any:
    """A body that the schema takes, with the side's own records where it names records."""
    if "enum" in schema:
        return next(one for one in schema["enum"] if one is not None)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return body_of(schema[choice][0], side, name)
    kind = schema.get("type", "object")
    kind = next(one for one in kind if one != "null") if isinstance(kind, list) else kind
    if kind == "object":
        properties = {k: v for k, v in schema.get("properties", {}).items() if not v.get("readOnly")}
        wanted = schema.get("required", list(properties))
        return {one: body_of(properties[one], side, one) for one in properties if one in wanted}
    if kind == "array":
        return [body_of(schema.get("items", {}), side, name.removesuffix("s"))] * max(1, schema.get("minItems", 1))
    if kind == "string":
        return _text(schema, side, name)
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    return True


_TEXTS = {
    "date": "2026-01-05",
    "date-time": "2026-01-05T00:00:00Z",
    "email": "a@example.cn",
    "url": "https://example.cn/",
}


def _text(schema: dict[str, Any], side: Side, name: str) -> str:
    named = {
        "province_code": side.province_code, "division_code": side.division, "phone": "13800138000",
        "contact_phone": "13800138000", "office_phone": "01066096114", "period": "2026-W02",
    }  # fmt: skip
    if name in named:
        return named[name]
    if schema.get("format") == "uuid":
        organizations = {"teo_id": side.teo, "college_id": side.college, "organization_id": side.college}
        known = name.removesuffix("_id")
        return str(organizations.get(name) or side.records.get(known, {}).get("id") or side.college)
    if schema.get("format") in _TEXTS:
        return _TEXTS[schema["format"]]
    if "pattern" in schema:
        return str(find(st.from_regex(schema["pattern"].replace("\\Z", "\\z").replace("\\z", "\\Z")), lambda _: True))
    return "x" * max(1, schema.get("minLength", 1))


def told(door: Door, role: Role | None, answer: TestResponse) -> str:
    return f"{door.method} {door.rule} as {role}: {answer.status_code} {answer.get_data(as_text=True)[:200]}"


def test_every_parameter_of_every_path_has_a_record(matrix: Matrix) -> None:
    asked = {words for door in matrix.doors for _, words in parameter_tables(door.rule)}
    assert sorted(asked - set(RECORDS)) == []
    assert sorted(set(RECORDS) - asked - {"organizations/stale"}) == []


@pytest.mark.rule("PP-37")
def test_a_door_is_shut_without_a_token_and_to_roles_it_does_not_name(matrix: Matrix) -> None:
    wrong = []
    for door in matrix.doors:
        if not door.roles:
            continue
        path = matrix.path(door, matrix.mine)
        if (answer := matrix.call(door, path, None)).status_code != 401:
            wrong.append(told(door, None, answer))
        for role in set(Role) - door.roles:
            answer = matrix.call(door, path, role, matrix.mine)
            if answer.status_code != 403 or json_of(answer)["code"] != Forbidden.code:
                wrong.append(told(door, role, answer))
    assert not wrong, "\n".join(wrong)


@pytest.mark.rule("PP-37", "OP-01")
def test_a_foreign_record_is_not_shown(matrix: Matrix) -> None:
    wrong, shown = [], set()
    for door in matrix.doors:
        if door.method != READING or "<" not in door.rule:
            continue
        name = f"{door.method} {door.rule.removeprefix(API)}"
        for role in sorted(door.roles):
            if role in EVERYWHERE:
                answer = matrix.call(door, matrix.path(door, matrix.foreign), role)
                shown |= {name} if answer.status_code == 200 else set()
                if answer.status_code >= 500:
                    wrong.append(told(door, role, answer))
                continue
            answer = matrix.call(door, matrix.path(door, matrix.foreign), role, matrix.mine)
            if answer.status_code not in (403, 404) and not {name, f"{name} {role}"} & set(OF_EVERYONE):
                wrong.append(told(door, role, answer))
            own = matrix.call(door, matrix.path(door, matrix.mine), role, matrix.mine)
            shown |= {name} if own.status_code == 200 else set()
            if own.status_code >= 500:
                wrong.append(told(door, role, own))
        if door.roles and name not in shown and name not in UNTRIED:
            wrong.append(f"{name} showed nobody anything, so nothing was tried")
    assert not wrong, "\n".join(wrong)


@pytest.mark.rule("PP-37", "OP-01")
def test_a_foreign_record_is_not_changed(matrix: Matrix) -> None:
    wrong = []
    for door in matrix.doors:
        if door.method == READING or "<" not in door.rule or door.takes_file:
            continue
        name = f"{door.method} {door.rule.removeprefix(API)}"
        for role in sorted(door.roles - EVERYWHERE):
            before = matrix.changes()
            answer = matrix.call(door, matrix.path(door, matrix.foreign), role, matrix.mine)
            if not {name, f"{name} {role}"} & set(OF_EVERYONE):
                if answer.status_code not in (403, 404):
                    wrong.append(told(door, role, answer))
                elif matrix.changes() != before:
                    wrong.append(f"{told(door, role, answer)}: and yet something was changed")
    wrong += _never_let_in(matrix)
    assert not wrong, "\n".join(wrong)


def _never_let_in(matrix: Matrix) -> Iterator[str]:
    """Doors that turn everyone away from their own records too: that they turned away a foreign side says nothing."""
    for door in sorted(
        matrix.doors, key=lambda one: one.rule, reverse=True
    ):  # a session before its programme, which may remove it
        roles = sorted(door.roles - EVERYWHERE)
        if door.method == READING or "<" not in door.rule or door.takes_file or not roles:
            continue
        own = [matrix.call(door, matrix.path(door, matrix.mine), role, matrix.mine) for role in roles]
        yield from (told(door, None, one) for one in own if one.status_code >= 500)
        if all(one.status_code in (403, 404) for one in own):
            name = f"{door.method} {door.rule.removeprefix(API)}"
            if name in UNTRIED:
                continue
            yield f"nobody is let in, so nothing was tried: {told(door, roles[0], own[0])}"


@pytest.mark.rule("PP-37", "OP-01")
def test_no_list_holds_anything_of_a_foreign_side(matrix: Matrix) -> None:
    wrong = []
    marks = matrix.foreign.marks
    for door in matrix.doors:
        if door.method != READING or "<" in door.rule or not door.roles:
            continue
        name = f"{door.method} {door.rule.removeprefix(API)}"
        for role in sorted(door.roles - EVERYWHERE):
            answer = matrix.call(door, door.rule, role, matrix.mine)
            body = answer.get_data(as_text=True)
            found = sorted(mark for mark in marks if mark in body)
            if answer.status_code >= 500 or (found and not {name, f"{name} {role}"} & set(OF_EVERYONE)):
                wrong.append(f"{name} as {role}: {answer.status_code} {found[:2]} {body[:150]}")
    assert not wrong, "\n".join(wrong)


def test_what_is_everyones_is_a_door_and_has_its_reason(matrix: Matrix) -> None:
    names = {f"{door.method} {door.rule.removeprefix(API)}" for door in matrix.doors}
    with_role = {f"{name} {role}" for name in names for role in Role}
    assert sorted(set(OF_EVERYONE) - names - with_role) == []
    assert sorted(set(UNTRIED) - names) == []
    assert all(len(reason) > 10 for reason in [*OF_EVERYONE.values(), *UNTRIED.values()])
