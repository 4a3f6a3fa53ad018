"""Doors: teachers and their roles, TEOs' experts, standards of pay, workload."""

import uuid
from collections.abc import Sequence
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, public, runtime, session
from onex.chassis.web.listing import Listing, equal, prefix, span
from services.registry.training import experts, people, queries, rules, teachers, workload_report, workloads
from services.registry.training.blueprint import blp
from services.registry.training.models import (
    ExpertPayStandard,
    Teacher,
    TeacherRole,
    TrainingExpert,
    TrainingWorkload,
    WorkloadRatio,
)
from services.registry.training.people_schemas import (
    ExpertReviewSchema,
    PayStandardSchema,
    RatioSchema,
    SeedTeacherSchema,
    TeacherCorrectionSchema,
    TeacherRoleSchema,
    TeacherSchema,
    TrainingExpertCorrectionSchema,
    TrainingExpertSchema,
    WorkloadSchema,
    WorkloadSumSchema,
)
from services.registry.training.schemas import EndReasonSchema
from services.registry.training.states import EXPERT, TEACHER

REGULATORS = (Role.OPERATOR, Role.MINISTRY, Role.PROVINCE)
TEACHERS = Listing(
    TeacherSchema,
    Teacher.id,
    filters={
        "college_id": equal(Teacher.college_id),
        "state": equal(Teacher.state, TEACHER.states),
        "staff_number": prefix(Teacher.staff_number, leads=True),
    },
)
ROLES = Listing(
    TeacherRoleSchema,
    TeacherRole.id,
    filters={
        "college_id": equal(TeacherRole.college_id),
        "teacher_id": equal(TeacherRole.teacher_id),
        "certificate_type_id": equal(TeacherRole.certificate_type_id),
        "role": equal(TeacherRole.role, rules.ROLES),
    },
)
EXPERTS = Listing(
    TrainingExpertSchema,
    TrainingExpert.id,
    filters={
        "teo_id": equal(TrainingExpert.teo_id),
        "state": equal(TrainingExpert.state, EXPERT.states),
        "source": equal(TrainingExpert.source, rules.SOURCES),
    },
)
PAY_STANDARDS = Listing(
    PayStandardSchema,
    ExpertPayStandard.id,
    filters={
        "province_code": equal(ExpertPayStandard.province_code),
        "rank": equal(ExpertPayStandard.rank, rules.RANKS),
    },
)
RATIOS = Listing(RatioSchema, WorkloadRatio.id, filters={"college_id": equal(WorkloadRatio.college_id)})
WORKLOADS = Listing(
    WorkloadSchema,
    TrainingWorkload.id,
    filters={
        "college_id": equal(TrainingWorkload.college_id),
        "teacher_id": equal(TrainingWorkload.teacher_id),
        "certificate_type_id": equal(TrainingWorkload.certificate_type_id),
        "taught": span(TrainingWorkload.taught_on, leads=True),
    },
)
WORKLOAD_SUMS = Listing(
    WorkloadSumSchema,
    Teacher.id,
    filters={"college_id": equal(Teacher.college_id), "taught": workload_report.taught()},
)


@blp.route("/teachers", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(TeacherSchema)
@blp.response(201, TeacherSchema)
def register_teacher(body: dict[str, Any]) -> dict[str, Any]:
    """A college puts a teacher on record."""
    return _teachers([teachers.register(session(), runtime().vault, body, by=caller())])[0]


@blp.route("/teachers")
@allow(*REGULATORS, Role.COLLEGE)
@TEACHERS.door(blp)
def teacher_list(query: dict[str, Any]) -> Any:
    """The teachers in the caller's scope."""
    return TEACHERS.answer(session(), queries.of_colleges(Teacher, caller()), query, _teachers)


@blp.route("/teachers/<uuid:teacher_id>")
@allow(*REGULATORS, Role.COLLEGE)
@blp.response(200, TeacherSchema)
def teacher(teacher_id: uuid.UUID) -> dict[str, Any]:
    """One teacher."""
    return _teachers([queries.one_of(session(), queries.of_colleges(Teacher, caller()), Teacher.id, teacher_id)])[0]


@blp.route("/teachers/<uuid:teacher_id>", methods=["PUT"])
@allow(Role.COLLEGE)
@blp.arguments(TeacherCorrectionSchema)
@blp.response(200, TeacherSchema)
def correct_teacher(body: dict[str, Any], teacher_id: uuid.UUID) -> dict[str, Any]:
    """Put a teacher's record right."""
    return _teachers([teachers.correct(session(), runtime().vault, teacher_id, body, by=caller())])[0]


@blp.route("/teachers/<uuid:teacher_id>/leaving", methods=["POST"])
@allow(Role.COLLEGE)
@blp.response(200, TeacherSchema)
def leave(teacher_id: uuid.UUID) -> dict[str, Any]:
    """A teacher leaves the college."""
    return _teachers([teachers.leave(session(), teacher_id, by=caller())])[0]


@blp.route("/teachers/<uuid:teacher_id>/seed-teacher", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(SeedTeacherSchema)
@blp.response(201, TeacherRoleSchema)
def name_seed_teacher(body: dict[str, Any], teacher_id: uuid.UUID) -> TeacherRole:
    """A college names a seed teacher for a certificate type (OP-08)."""
    return teachers.name_seed_teacher(session(), teacher_id, body["certificate_type_id"], by=caller())


@blp.route("/roles")
@allow(*REGULATORS, Role.TEO, Role.COLLEGE)
@ROLES.door(blp)
def roles(query: dict[str, Any]) -> Any:
    """Trainers, evaluators and seed teachers in the caller's scope (OP-08)."""
    return ROLES.answer(session(), queries.roles_visible(caller()), query)


@blp.route("/roles/<uuid:role_id>/end", methods=["POST"])
@allow(Role.TEO, Role.COLLEGE)
@blp.arguments(EndReasonSchema)
@blp.response(200, TeacherRoleSchema)
def end_role(body: dict[str, str], role_id: uuid.UUID) -> TeacherRole:
    """The college or the type's TEO ends a teacher's role."""
    return teachers.end_role(session(), role_id, body["reason"], by=caller())


@blp.route("/experts", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(TrainingExpertSchema)
@blp.response(201, TrainingExpertSchema)
def propose_expert(body: dict[str, Any]) -> dict[str, Any]:
    """A TEO proposes an expert for its team (PP-40)."""
    return _experts([experts.propose(session(), runtime().vault, body, by=caller())])[0]


@blp.route("/experts")
@allow(*REGULATORS, Role.TEO)
@EXPERTS.door(blp)
def expert_list(query: dict[str, Any]) -> Any:
    """The experts of TEOs' teams; a TEO sees its own."""
    return EXPERTS.answer(session(), queries.of_teos(TrainingExpert, caller()), query, _experts)


@blp.route("/experts/<uuid:expert_id>")
@allow(*REGULATORS, Role.TEO)
@blp.response(200, TrainingExpertSchema)
def expert(expert_id: uuid.UUID) -> dict[str, Any]:
    """One expert."""
    visible = queries.of_teos(TrainingExpert, caller())
    return _experts([queries.one_of(session(), visible, TrainingExpert.id, expert_id)])[0]


@blp.route("/experts/<uuid:expert_id>", methods=["PUT"])
@allow(Role.TEO)
@blp.arguments(TrainingExpertCorrectionSchema)
@blp.response(200, TrainingExpertSchema)
def correct_expert(body: dict[str, Any], expert_id: uuid.UUID) -> dict[str, Any]:
    """Put an expert's record right before the approval; a rejected one is proposed again."""
    return _experts([experts.correct(session(), runtime().vault, expert_id, body, by=caller())])[0]


@blp.route("/experts/<uuid:expert_id>/review", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(ExpertReviewSchema)
@blp.response(200, TrainingExpertSchema)
def review_expert(body: dict[str, Any], expert_id: uuid.UUID) -> dict[str, Any]:
    """The review of an expert's quality, before any teaching (OP-15)."""
    return _experts([experts.review(session(), expert_id, body, by=caller())])[0]


@blp.route("/experts/<uuid:expert_id>/removal", methods=["POST"])
@allow(Role.TEO)
@blp.response(200, TrainingExpertSchema)
def remove_expert(expert_id: uuid.UUID) -> dict[str, Any]:
    """Take an expert off the team."""
    return _experts([experts.remove(session(), expert_id, by=caller())])[0]


@blp.route("/expert-pay", methods=["POST"])
@allow(Role.PROVINCE, Role.MINISTRY)
@blp.arguments(PayStandardSchema)
@blp.response(201, PayStandardSchema)
def set_pay(body: dict[str, Any]) -> ExpertPayStandard:
    """A government puts its standard of experts' pay on record (OP-09)."""
    return experts.set_pay(session(), body, by=caller())


@blp.route("/expert-pay")
@public
@PAY_STANDARDS.door(blp)
def pay_standards(query: dict[str, Any]) -> Any:
    """The standards of experts' pay, every version."""
    return PAY_STANDARDS.answer(session(), queries.pay_standards(), query)


@blp.route("/workload-ratios", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(RatioSchema)
@blp.response(201, RatioSchema)
def set_ratio(body: dict[str, Any]) -> WorkloadRatio:
    """A college sets its ratio from a day on (OP-18)."""
    return workloads.set_ratio(session(), body, by=caller())


@blp.route("/workload-ratios")
@allow(*REGULATORS, Role.COLLEGE)
@RATIOS.door(blp)
def ratios(query: dict[str, Any]) -> Any:
    """The ratios of the colleges in the caller's scope."""
    return RATIOS.answer(session(), queries.of_colleges(WorkloadRatio, caller()), query)


@blp.route("/workloads", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(WorkloadSchema)
@blp.response(201, WorkloadSchema)
def record_workload(body: dict[str, Any]) -> TrainingWorkload:
    """A college records lessons that a teacher gave (OP-18)."""
    return workloads.record(session(), body, by=caller())


@blp.route("/workloads")
@allow(*REGULATORS, Role.COLLEGE)
@WORKLOADS.door(blp)
def workload_list(query: dict[str, Any]) -> Any:
    """The recorded lessons in the caller's scope."""
    return WORKLOADS.answer(session(), queries.of_colleges(TrainingWorkload, caller()), query)


@blp.route("/workloads/<uuid:workload_id>/withdrawal", methods=["POST"])
@allow(Role.COLLEGE)
@blp.response(200, WorkloadSchema)
def withdraw_workload(workload_id: uuid.UUID) -> TrainingWorkload:
    """Take wrongly recorded lessons back."""
    return workloads.withdraw(session(), workload_id, by=caller())


@blp.route("/workload-report")
@allow(*REGULATORS, Role.COLLEGE)
@WORKLOAD_SUMS.door(blp)
def workload_sums(query: dict[str, Any]) -> Any:
    """The workload of each teacher in a time, for the pay office; `format=csv` exports it (OP-18)."""

    def view(rows: list[Any]) -> list[dict[str, Any]]:
        return workload_report.sums(session(), runtime().vault, query, rows)

    return WORKLOAD_SUMS.answer(session(), workload_report.teachers(caller()), query, view)


def _teachers(rows: Sequence[Teacher]) -> list[dict[str, Any]]:
    vault = runtime().vault
    return [
        {name: getattr(one, name, None) for name in TeacherSchema().fields}
        | {"name": people.masked(vault, one.sealed_name, people.TEACHER)}
        for one in rows
    ]


def _experts(rows: Sequence[TrainingExpert]) -> list[dict[str, Any]]:
    vault = runtime().vault
    return [
        {name: getattr(one, name, None) for name in TrainingExpertSchema().fields}
        | {"name": people.masked(vault, one.sealed_name, people.EXPERT)}
        for one in rows
    ]
