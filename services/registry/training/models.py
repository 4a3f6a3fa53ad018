"""Training of teachers and evaluators: who teaches whom, in which programme, and what it counts for."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


def _id() -> Any:
    return mapped_column(primary_key=True, default=new_id)


def _moment() -> Any:
    return mapped_column(DateTime(timezone=True), server_default=func.now())


class Teacher(Base):
    """A teacher of a college, known there by a staff number. The name is sealed."""

    __tablename__ = "teacher"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(None, "staff_number", "id"),
        Index(None, "province_code", "staff_number", "id"),
        UniqueConstraint("college_id", "staff_number"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        CheckConstraint("state IN ('active', 'left')", name="state"),
    )

    id: Mapped[uuid.UUID] = _id()
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    """The college's."""
    staff_number: Mapped[str] = mapped_column(Text)
    sealed_name: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = _moment()
    left_by: Mapped[str | None] = mapped_column(Text)
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TeacherRole(Base):
    """What a teacher may do for a certificate type: train, evaluate, lead as a seed teacher (OP-08)."""

    __tablename__ = "teacher_role"
    __table_args__ = (
        Index(None, "role", "id"),
        Index(None, "teo_id", "id"),
        Index(None, "enrolment_id"),
        Index(
            "uq_teacher_role_held", "teacher_id", "certificate_type_id", "role", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "teacher_id", "id"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "certificate_type_id", "id"),
        CheckConstraint("role IN ('trainer', 'evaluator', 'seed_teacher')", name="role"),
        CheckConstraint("certification_fee_fen = 0", name="certification_fee_fen"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = _id()
    teacher_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teacher.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    role: Mapped[str] = mapped_column(Text)
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("training_enrolment.id"))
    """The training after which the TEO certified the teacher; none for a seed teacher that the college named."""
    teo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """The TEO whose training that was."""
    certification_fee_fen: Mapped[int] = mapped_column(Integer, server_default="0")
    granted_by: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime] = _moment()
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    end_reason: Mapped[str | None] = mapped_column(Text)


class TrainingExpert(Base):
    """An expert of a TEO's team (PP-40), reviewed before teaching (OP-15). The name is sealed."""

    __tablename__ = "training_expert"
    __table_args__ = (
        UniqueConstraint("teo_id", "number"),
        Index(None, "teo_id", "state"),
        Index(None, "teo_id", "id"),
        CheckConstraint("source IN ('enterprise', 'college', 'research')", name="source"),
        CheckConstraint("state IN ('proposed', 'approved', 'rejected', 'removed')", name="state"),
    )

    id: Mapped[uuid.UUID] = _id()
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    number: Mapped[str] = mapped_column(Text)
    """By which the TEO knows the expert."""
    sealed_name: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    employer: Mapped[str] = mapped_column(Text)
    specialty: Mapped[str] = mapped_column(Text)
    qualification: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = _moment()
    entered_by: Mapped[str] = mapped_column(Text)
    """Who last said what stands here: another one reviews it."""
    reviewed_by: Mapped[str | None] = mapped_column(Text)
    """The client that put the review on record, and below: who reviewed, as the TEO names it."""
    reviewer: Mapped[str | None] = mapped_column(Text)
    review_opinion: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ExpertPayStandard(Base):
    """The most that a province, or the Ministry (00), lets an expert of a rank be paid for a lesson (OP-09)."""

    __tablename__ = "expert_pay_standard"
    __table_args__ = (
        UniqueConstraint("province_code", "rank", "in_force_from"),
        Index(None, "province_code", "id"),
        CheckConstraint("rank IN ('distinguished', 'senior', 'associate', 'other')", name="rank"),
        CheckConstraint("most_fen_a_lesson >= 0", name="most_fen_a_lesson"),
    )

    id: Mapped[uuid.UUID] = _id()
    province_code: Mapped[str] = mapped_column(Text)
    rank: Mapped[str] = mapped_column(Text)
    most_fen_a_lesson: Mapped[int] = mapped_column(Integer)
    in_force_from: Mapped[date] = mapped_column(Date)
    document: Mapped[str] = mapped_column(Text)
    """The notice that set it."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = _moment()


class TrainingProgramme(Base):
    """A programme by which a TEO or a province trains teachers. Announced, it is not changed any more (OP-10)."""

    __tablename__ = "training_programme"
    __table_args__ = (
        Index(None, "trains_for", "id"),
        Index(None, "certificate_type_id", "starts_on"),
        Index(None, "teo_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
        Index(None, "starts_on", "id"),
        CheckConstraint(
            "CASE organizer_kind WHEN 'teo' THEN teo_id IS NOT NULL AND province_code IS NULL"
            " WHEN 'government' THEN teo_id IS NULL AND province_code IS NOT NULL ELSE false END",
            name="organizer",
        ),
        CheckConstraint("trains_for IN ('trainer', 'evaluator', 'seed_teacher')", name="trains_for"),
        CheckConstraint("state IN ('draft', 'announced', 'finished', 'cancelled')", name="state"),
        CheckConstraint("starts_on <= ends_on AND enrol_until <= starts_on", name="days"),
        CheckConstraint("fee_fen >= 0", name="fee_fen"),
        CheckConstraint("certification_fee_fen = 0", name="certification_fee_fen"),
        CheckConstraint("places > 0 AND enrolled BETWEEN 0 AND places", name="places"),
    )

    id: Mapped[uuid.UUID] = _id()
    organizer_kind: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """The TEO that organizes it; None where a government does."""
    province_code: Mapped[str | None] = mapped_column(Text)
    """The province that organizes it, 00 for the Ministry, whose standard of experts' pay counts (OP-09)."""
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    trains_for: Mapped[str] = mapped_column(Text)
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    """The last day, included."""
    enrol_until: Mapped[date] = mapped_column(Date)
    """The last day, included."""
    places: Mapped[int] = mapped_column(Integer)
    enrolled: Mapped[int] = mapped_column(Integer, server_default="0")
    fee_fen: Mapped[int] = mapped_column(Integer)
    """For one participant, in hundredths of a yuan; includes assessing and certifying (OP-12)."""
    fee_basis: Mapped[str] = mapped_column(Text)
    """The rules on teachers' training by which the fee was set."""
    certification_fee_fen: Mapped[int] = mapped_column(Integer, server_default="0")
    state: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = _moment()
    announced_by: Mapped[str | None] = mapped_column(Text)
    announced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(Text)
    """Who finished or cancelled it, and below: when, and why it was cancelled."""
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    end_reason: Mapped[str | None] = mapped_column(Text)


class ProgrammeExpert(Base):
    """An expert of a programme, with the rank and pay agreed (OP-09, OP-14)."""

    __tablename__ = "programme_expert"
    __table_args__ = (
        UniqueConstraint("programme_id", "expert_id"),
        Index(None, "expert_id"),
        CheckConstraint("rank IN ('distinguished', 'senior', 'associate', 'other')", name="rank"),
        CheckConstraint("pay_fen_a_lesson >= 0", name="pay_fen_a_lesson"),
    )

    id: Mapped[uuid.UUID] = _id()
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_programme.id"))
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_expert.id"))
    rank: Mapped[str] = mapped_column(Text)
    pay_fen_a_lesson: Mapped[int] = mapped_column(Integer)


class TrainingSession(Base):
    """A session of a programme: on which day, how and where it is held (OP-13), and who teaches (OP-15)."""

    __tablename__ = "training_session"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        Index(None, "expert_id"),
        CheckConstraint("lessons > 0", name="lessons"),
        CheckConstraint("mode IN ('online', 'offline')", name="mode"),
        CheckConstraint("(mode = 'online') = (venue_kind IS NULL)", name="venue"),
        CheckConstraint("venue_kind IN ('college', 'training_base', 'enterprise', 'other')", name="venue_kind"),
    )

    id: Mapped[uuid.UUID] = _id()
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_programme.id"))
    number: Mapped[int] = mapped_column(Integer)
    held_on: Mapped[date] = mapped_column(Date)
    lessons: Mapped[int] = mapped_column(Integer)
    mode: Mapped[str] = mapped_column(Text)
    venue_kind: Mapped[str | None] = mapped_column(Text)
    venue_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """The college or training base where it is held."""
    venue: Mapped[str] = mapped_column(Text)
    """The address, or how one takes part online."""
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_expert.id"))
    topic: Mapped[str] = mapped_column(Text)


class TrainingRequest(Base):
    """A province asks a TEO to serve its programme; TEOs answer it before training of their own (OP-09)."""

    __tablename__ = "training_request"
    __table_args__ = (
        UniqueConstraint("programme_id", "teo_id"),
        Index(None, "teo_id", "id"),
        Index(None, "teo_id", "state"),
        Index(None, "province_code", "id"),
        CheckConstraint("state IN ('open', 'accepted', 'declined', 'withdrawn')", name="state"),
    )

    id: Mapped[uuid.UUID] = _id()
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_programme.id"))
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    needs: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = _moment()
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TrainingEnrolment(Base):
    """A teacher's place in a programme, which the teacher took of their own will (OP-11)."""

    __tablename__ = "training_enrolment"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(
            "uq_training_enrolment_standing", "programme_id", "teacher_id", unique=True,
            postgresql_where=text("state = 'enrolled'"),
        ),
        Index(None, "programme_id", "id"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "teo_id", "id"),
        Index(None, "teacher_id"),
        CheckConstraint("state IN ('enrolled', 'withdrawn')", name="state"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = _id()
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_programme.id"))
    teacher_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teacher.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    """The college's."""
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    """The TEO of the certificate type, which certifies (OP-12)."""
    fee_fen: Mapped[int] = mapped_column(Integer)
    """As it was announced."""
    sealed_consent_by: Mapped[str] = mapped_column(Text)
    """Who consented: the teacher."""
    consented_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(Text)
    enrolled_by: Mapped[str] = mapped_column(Text)
    enrolled_at: Mapped[datetime] = _moment()
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TrainingAttendance(Base):
    """How many lessons of a session a participant took part in."""

    __tablename__ = "training_attendance"
    __table_args__ = (Index(None, "enrolment_id"), CheckConstraint("lessons >= 0", name="lessons"))

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_enrolment.id"), primary_key=True)
    lessons: Mapped[int] = mapped_column(Integer)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = _moment()


class WorkloadRatio(Base):
    """By how much a college turns lessons of certificate training into teaching workload, from a day on (OP-18)."""

    __tablename__ = "workload_ratio"
    __table_args__ = (
        UniqueConstraint("college_id", "in_force_from"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        CheckConstraint("ratio > 0", name="ratio"),
    )

    id: Mapped[uuid.UUID] = _id()
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    ratio: Mapped[Decimal] = mapped_column(Numeric(6, 4))
    in_force_from: Mapped[date] = mapped_column(Date)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = _moment()


class TrainingWorkload(Base):
    """Lessons of certificate training that a teacher gave on a day, and what they count for (OP-18)."""

    __tablename__ = "training_workload"
    __table_args__ = (
        Index(None, "certificate_type_id", "id"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "teacher_id", "taught_on"),
        Index(None, "taught_on", "id"),
        CheckConstraint("lessons > 0", name="lessons"),
    )

    id: Mapped[uuid.UUID] = _id()
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    teacher_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teacher.id"))
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    taught_on: Mapped[date] = mapped_column(Date)
    lessons: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    ratio: Mapped[Decimal] = mapped_column(Numeric(6, 4))
    """The college's ratio in force on that day."""
    workload: Mapped[Decimal] = mapped_column(Numeric(14, 6))
    """Lessons times ratio, exactly."""
    what: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = _moment()
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
