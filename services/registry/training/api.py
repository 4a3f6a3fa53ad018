"""Doors: programmes, what governments ask for, enrolment, attendance, the calendar."""

import uuid
from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, public, runtime, session
from onex.chassis.web.listing import Filter, Listing, equal, prefix, span
from services.registry.standards.models import CertificateType
from services.registry.training import actions, calendar, enrolments, people, people_api, programmes, queries, rules
from services.registry.training.blueprint import blp
from services.registry.training.models import TrainingEnrolment, TrainingProgramme, TrainingRequest, TrainingSession
from services.registry.training.schemas import (
    AnnouncementSchema,
    AnswerSchema,
    AttendanceSchema,
    CalendarSchema,
    CertificationSchema,
    DraftProgrammeSchema,
    EndReasonSchema,
    EnrolmentSchema,
    NewEnrolmentSchema,
    NewProgrammeSchema,
    NewRequestSchema,
    ProgrammeSchema,
    ReplacementSchema,
    TrainingRequestSchema,
    TrainingSessionSchema,
    WholeProgrammeSchema,
)
from services.registry.training.states import ENROLMENT, PROGRAMME, REQUEST

__all__ = ["blp", "people_api"]

ORGANIZERS = (Role.TEO, Role.PROVINCE, Role.MINISTRY)
REGULATORS = (Role.OPERATOR, Role.MINISTRY, Role.PROVINCE)
OF_PROGRAMMES = {
    "state": equal(TrainingProgramme.state, PROGRAMME.states),
    "certificate_type_id": equal(TrainingProgramme.certificate_type_id),
    "teo_id": equal(TrainingProgramme.teo_id),
    "organizer_kind": equal(TrainingProgramme.organizer_kind, rules.ORGANIZER_KINDS),
    "trains_for": equal(TrainingProgramme.trains_for, rules.ROLES),
    "starts": span(TrainingProgramme.starts_on, leads=True),
}
PROGRAMMES = Listing(
    ProgrammeSchema, TrainingProgramme.id, filters=OF_PROGRAMMES, sorts={"starts_on": TrainingProgramme.starts_on}
)
ANNOUNCEMENTS = Listing(
    ProgrammeSchema, TrainingProgramme.id, filters=OF_PROGRAMMES, sorts={"starts_on": TrainingProgramme.starts_on}
)
REQUESTS = Listing(
    TrainingRequestSchema,
    TrainingRequest.id,
    filters={
        "state": equal(TrainingRequest.state, REQUEST.states),
        "programme_id": equal(TrainingRequest.programme_id),
    },
)
ENROLMENTS = Listing(
    EnrolmentSchema,
    TrainingEnrolment.id,
    filters={
        "state": equal(TrainingEnrolment.state, ENROLMENT.states),
        "programme_id": equal(TrainingEnrolment.programme_id),
        "teacher_id": equal(TrainingEnrolment.teacher_id),
    },
)


def _year() -> Filter:
    def argument() -> fields.Field[Any]:
        return fields.Integer(required=True, strict=False, validate=validate.Range(2019, 2100))

    return Filter({"": argument}, lambda query, given: query)


def _gaps() -> Filter:
    def argument() -> fields.Field[Any]:
        told = {"description": "only types that train nobody in the year"}
        return fields.Boolean(load_default=None, metadata=told)

    return Filter({"": argument}, lambda query, given: query)


CALENDAR = Listing(
    CalendarSchema,
    CertificateType.id,
    filters={"year": _year(), "gaps": _gaps(), "code": prefix(CertificateType.code)},
    sorts={"code": CertificateType.code},
)


@blp.route("/programmes", methods=["POST"])
@allow(*ORGANIZERS)
@blp.arguments(DraftProgrammeSchema)
@blp.response(201, WholeProgrammeSchema)
def draft(body: dict[str, Any]) -> dict[str, Any]:
    """Lay down a programme; nobody else sees it yet."""
    return programmes.whole(session(), actions.draft(session(), body, by=caller()))


@blp.route("/programmes")
@allow(*REGULATORS, Role.TEO, Role.COLLEGE)
@PROGRAMMES.door(blp)
def programme_list(query: dict[str, Any]) -> Any:
    """Announced programmes, and the caller's own drafts."""
    return PROGRAMMES.answer(session(), queries.programmes_visible(caller()), query)


@blp.route("/programmes/<uuid:programme_id>")
@allow(*REGULATORS, Role.TEO)
@blp.response(200, WholeProgrammeSchema)
def programme(programme_id: uuid.UUID) -> dict[str, Any]:
    """A programme with its sessions and experts, for its organizer, the Ministry and the operator."""
    return programmes.whole_visible(session(), programme_id, caller())


@blp.route("/programmes/<uuid:programme_id>", methods=["PUT"])
@allow(*ORGANIZERS)
@blp.arguments(NewProgrammeSchema)
@blp.response(200, WholeProgrammeSchema)
def correct(body: dict[str, Any], programme_id: uuid.UUID) -> dict[str, Any]:
    """Change a programme that is not announced yet."""
    return programmes.whole(session(), actions.correct(session(), programme_id, body, by=caller()))


@blp.route("/programmes/<uuid:programme_id>/announcement", methods=["POST"])
@allow(*ORGANIZERS)
@blp.response(200, WholeProgrammeSchema)
def announce(programme_id: uuid.UUID) -> dict[str, Any]:
    """Announce a programme and its fees to everyone (OP-10)."""
    return programmes.whole(session(), actions.announce(session(), programme_id, by=caller()))


@blp.route("/programmes/<uuid:programme_id>/cancellation", methods=["POST"])
@allow(*ORGANIZERS)
@blp.arguments(EndReasonSchema)
@blp.response(200, ProgrammeSchema)
def cancel(body: dict[str, str], programme_id: uuid.UUID) -> TrainingProgramme:
    """Give a programme up."""
    return actions.cancel(session(), programme_id, body["reason"], by=caller())


@blp.route("/programmes/<uuid:programme_id>/finish", methods=["POST"])
@allow(*ORGANIZERS)
@blp.response(200, ProgrammeSchema)
def finish(programme_id: uuid.UUID) -> TrainingProgramme:
    """End a programme on its last day or later."""
    return actions.finish(session(), programme_id, by=caller())


@blp.route("/announcements")
@public
@ANNOUNCEMENTS.door(blp)
def announcements(query: dict[str, Any]) -> Any:
    """Every programme that was announced, with its fees, for anyone (OP-10)."""
    return ANNOUNCEMENTS.answer(session(), queries.announced(), query)


@blp.route("/announcements/<uuid:programme_id>")
@public
@blp.response(200, AnnouncementSchema)
def announcement(programme_id: uuid.UUID) -> dict[str, Any]:
    """One announced programme with its sessions, for anyone (OP-10)."""
    return programmes.announcement(session(), programme_id)


@blp.route("/programmes/<uuid:programme_id>/requests", methods=["POST"])
@allow(Role.PROVINCE, Role.MINISTRY)
@blp.arguments(NewRequestSchema)
@blp.response(201, TrainingRequestSchema)
def request(body: dict[str, Any], programme_id: uuid.UUID) -> TrainingRequest:
    """A government asks a TEO to serve its programme (OP-09)."""
    return actions.request(session(), programme_id, body, by=caller())


@blp.route("/requests")
@allow(*REGULATORS, Role.TEO)
@REQUESTS.door(blp)
def requests(query: dict[str, Any]) -> Any:
    """What governments ask of TEOs, as far as the caller has a part in it."""
    return REQUESTS.answer(session(), queries.requests_visible(caller()), query)


@blp.route("/requests/<uuid:request_id>")
@allow(*REGULATORS, Role.TEO)
@blp.response(200, TrainingRequestSchema)
def one_request(request_id: uuid.UUID) -> Any:
    """One request."""
    return queries.one_of(session(), queries.requests_visible(caller()), TrainingRequest.id, request_id)


@blp.route("/requests/<uuid:request_id>/answer", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(AnswerSchema)
@blp.response(200, TrainingRequestSchema)
def answer_request(body: dict[str, Any], request_id: uuid.UUID) -> TrainingRequest:
    """The TEO says yes or no (OP-09)."""
    return actions.answer_request(session(), request_id, body, by=caller())


@blp.route("/requests/<uuid:request_id>/withdrawal", methods=["POST"])
@allow(Role.PROVINCE, Role.MINISTRY)
@blp.response(200, TrainingRequestSchema)
def withdraw_request(request_id: uuid.UUID) -> TrainingRequest:
    """The government needs the TEO no more."""
    return actions.withdraw_request(session(), request_id, by=caller())


@blp.route("/programmes/<uuid:programme_id>/enrolments", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(NewEnrolmentSchema)
@blp.response(201, EnrolmentSchema)
def enrol(body: dict[str, Any], programme_id: uuid.UUID) -> dict[str, Any]:
    """A college enrols a teacher who has agreed (OP-11)."""
    return _shown([enrolments.enrol(session(), runtime().vault, programme_id, body, by=caller())])[0]


@blp.route("/enrolments")
@allow(*REGULATORS, Role.TEO, Role.COLLEGE)
@ENROLMENTS.door(blp)
def enrolment_list(query: dict[str, Any]) -> Any:
    """The enrolments the caller may see."""
    return ENROLMENTS.answer(session(), queries.enrolments_visible(caller()), query, _shown)


@blp.route("/enrolments/<uuid:enrolment_id>")
@allow(*REGULATORS, Role.TEO, Role.COLLEGE)
@blp.response(200, EnrolmentSchema)
def enrolment(enrolment_id: uuid.UUID) -> dict[str, Any]:
    """One enrolment."""
    visible = queries.enrolments_visible(caller())
    return _shown([queries.one_of(session(), visible, TrainingEnrolment.id, enrolment_id)])[0]


@blp.route("/enrolments/<uuid:enrolment_id>/withdrawal", methods=["POST"])
@allow(Role.COLLEGE)
@blp.response(200, EnrolmentSchema)
def withdraw(enrolment_id: uuid.UUID) -> dict[str, Any]:
    """The teacher does not want to any more (OP-11)."""
    return _shown([enrolments.withdraw(session(), enrolment_id, by=caller())])[0]


@blp.route("/enrolments/<uuid:enrolment_id>/certification", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(CertificationSchema)
@blp.response(201, people_api.TeacherRoleSchema)
def certify(body: dict[str, Any], enrolment_id: uuid.UUID) -> Any:
    """The type's TEO certifies a trained teacher, at no fee (OP-12)."""
    return enrolments.certify(session(), enrolment_id, body["fee_fen"], by=caller())


@blp.route("/sessions/<uuid:session_id>/replacement", methods=["POST"])
@allow(*ORGANIZERS)
@blp.arguments(ReplacementSchema)
@blp.response(200, TrainingSessionSchema)
def replace_teacher(body: dict[str, Any], session_id: uuid.UUID) -> TrainingSession:
    """Another expert of the programme teaches a session (OP-15)."""
    return actions.replace_teacher(session(), session_id, body["expert_id"], by=caller())


@blp.route("/sessions/<uuid:session_id>/attendance", methods=["PUT"])
@allow(*ORGANIZERS)
@blp.arguments(AttendanceSchema)
@blp.response(200, AttendanceSchema)
def record_attendance(body: dict[str, Any], session_id: uuid.UUID) -> dict[str, Any]:
    """Who took part in a session, and in how many lessons."""
    return {"present": enrolments.record_attendance(session(), session_id, body["present"], by=caller())}


@blp.route("/sessions/<uuid:session_id>/attendance")
@allow(*REGULATORS, Role.TEO)
@blp.response(200, AttendanceSchema)
def attendance(session_id: uuid.UUID) -> dict[str, Any]:
    """Who took part in a session, for the programme's organizer, the Ministry and the operator."""
    return {"present": programmes.attendance_visible(session(), session_id, caller())}


@blp.route("/calendar")
@allow(*REGULATORS, Role.TEO, Role.COLLEGE)
@CALENDAR.door(blp)
def year(query: dict[str, Any]) -> Any:
    """How many programmes each type has in a year; at least one is expected (PP-40)."""

    def view(rows: list[Any]) -> list[dict[str, Any]]:
        return calendar.with_programmes(session(), query["year"], rows)

    return CALENDAR.answer(session(), calendar.types(caller(), query["year"], gaps=bool(query["gaps"])), query, view)


def _shown(rows: Sequence[TrainingEnrolment]) -> list[dict[str, Any]]:
    vault = runtime().vault
    return [
        {name: getattr(one, name, None) for name in EnrolmentSchema().fields}
        | {"consent_by": people.masked(vault, one.sealed_consent_by, people.CONSENT)}
        for one in rows
    ]
