"""Who may be trained by whom, under what terms, and what it counts for (OP-08 to -15, OP-18, PP-40)."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal

from services.registry.training.errors import (
    CertificationFee,
    ConsentInFuture,
    ConsentOfAnother,
    ConsentTooEarly,
    EnrolmentOver,
    ExpertNotOfProgramme,
    ExpertNotReviewed,
    GovernmentFirst,
    NoConsent,
    NoPayStandard,
    NoSessions,
    NotAttended,
    PayAboveStandard,
    ProgrammeDaysWrong,
    ProgrammeFull,
    ProgrammeNotForCollege,
    ProgrammeNotOver,
    RatioMissing,
    RatioTooEarly,
    ReviewOfOwnEntry,
    SessionNotHeld,
    SessionOutsideProgramme,
    TeamNotMixed,
    TooFewAtColleges,
    TooFewFromIndustry,
    TooManyLessons,
    VenueWrong,
    WorkloadInFuture,
)

TRAINER, EVALUATOR, SEED_TEACHER = ROLES = ("trainer", "evaluator", "seed_teacher")
ENTERPRISE, COLLEGE, RESEARCH = SOURCES = ("enterprise", "college", "research")
RANKS = ("distinguished", "senior", "associate", "other")
TEO, GOVERNMENT = ORGANIZER_KINDS = ("teo", "government")
ONLINE, OFFLINE = MODES = ("online", "offline")
VENUE_KINDS = ("college", "training_base", "enterprise", "other")
NATIONAL = "00"
"""Stands for the Ministry where a province's two digits would."""


def check_days(enrol_until: date, starts_on: date, ends_on: date) -> None:
    """OP-10: one enrols, until the first day at the latest, and the last day is not before the first."""
    if not enrol_until <= starts_on <= ends_on:
        raise ProgrammeDaysWrong("These must follow one another: enrol_until, starts_on, ends_on.")


def check_certification_fee(fee_fen: int) -> None:
    """OP-12: no extra fee for assessing or certifying trainers and evaluators."""
    if fee_fen != 0:
        raise CertificationFee()


def check_session(held_on: date, starts_on: date, ends_on: date, mode: str, venue_kind: str | None) -> None:
    """OP-13: a session lies within the programme, and says where it is held unless it is online."""
    if not starts_on <= held_on <= ends_on:
        raise SessionOutsideProgramme(f"{held_on} is not between {starts_on} and {ends_on}.")
    if (mode == OFFLINE) is (venue_kind is None):
        raise VenueWrong()


def check_mainly_at_colleges(sessions: Iterable[tuple[str, str | None]]) -> None:
    """OP-13: of the offline sessions (mode, venue kind) more than half are at colleges. Half is not mainly.

    Where everything is online nothing is held elsewhere.
    """
    venues = [venue_kind for mode, venue_kind in sessions if mode == OFFLINE]
    at_colleges = venues.count(COLLEGE)
    if venues and at_colleges * 2 <= len(venues):
        raise TooFewAtColleges(
            f"{at_colleges} of {len(venues)} offline sessions are at colleges.",
            at_colleges=at_colleges,
            offline=len(venues),
        )


def check_has_sessions(number: int) -> None:
    """OP-13: what is announced says when and where it is held."""
    if number == 0:
        raise NoSessions()


def check_industry_share(sources: Collection[str]) -> None:
    """OP-14: at least 40 % of the experts come from industry enterprises: two of five, exactly."""
    from_industry, all_experts = list(sources).count(ENTERPRISE), len(sources)
    if all_experts == 0 or from_industry * 5 < all_experts * 2:
        raise TooFewFromIndustry(
            f"{from_industry} of {all_experts} experts come from industry enterprises.",
            from_industry=from_industry,
            experts=all_experts,
        )


def check_mixed_team(sources: Collection[str]) -> None:
    """PP-40: the TEO's approved team has experts of industry enterprises, of colleges and of research institutions."""
    missing = [source for source in SOURCES if source not in sources]
    if missing:
        raise TeamNotMixed(f"Nobody comes from: {', '.join(missing)}.", missing=missing)


def check_reviewed_by_another(reviewer: str, *entered_by: str) -> None:
    """OP-15: a strict review has four eyes: nobody approves what they entered or changed themselves."""
    if reviewer in entered_by:
        raise ReviewOfOwnEntry()


def check_reviewed(states: Iterable[str]) -> None:
    """OP-15: every expert who is to teach has been reviewed and approved."""
    waiting = [state for state in states if state != "approved"]
    if waiting:
        raise ExpertNotReviewed(f"{len(waiting)} of the experts are not approved.", not_approved=len(waiting))


def check_teaches(expert_id: uuid.UUID, experts: Collection[uuid.UUID]) -> None:
    """OP-15: who teaches a session is one of the programme's experts."""
    if expert_id not in experts:
        raise ExpertNotOfProgramme()


def check_government_first(starts_on: date, requested_starts: Collection[date]) -> None:
    """OP-09: TEOs serve government training first.

    `requested_starts` are the first days of the government programmes to which the TEO owes an answer: it announces no
    programme of its own that would start before one of them.
    """
    later = [day for day in requested_starts if starts_on < day]
    if later:
        raise GovernmentFirst(
            f"{len(later)} government programmes that start later wait for the TEO's answer.", waiting=len(later)
        )


def check_pay(pay_fen_a_lesson: int, most_fen_a_lesson: int | None) -> None:
    """OP-09: an expert of a government programme is paid at most the standard in force; without one nothing can be paid."""
    if pay_fen_a_lesson == 0:
        return
    if most_fen_a_lesson is None:
        raise NoPayStandard()
    if pay_fen_a_lesson > most_fen_a_lesson:
        raise PayAboveStandard(most_fen_a_lesson=most_fen_a_lesson)


def check_enrolment_open(today: date, enrol_until: date) -> None:
    """OP-10: one enrols until the last day that was announced, included. At the announcement that day has not passed."""
    if today > enrol_until:
        raise EnrolmentOver()


def check_place(enrolled: int, places: int) -> None:
    """As many take part as were announced."""
    if enrolled >= places:
        raise ProgrammeFull()


def check_for_college(programme_province: str | None, college_province: str) -> None:
    """OP-01: a province trains the teachers of its own colleges; TEOs and the Ministry those of all."""
    if programme_province not in (None, NATIONAL, college_province):
        raise ProgrammeNotForCollege()


def check_consent(
    given: bool, *, by_teacher: bool, given_at: datetime, announced_at: datetime | None, now: datetime
) -> None:
    """OP-11: the teacher has agreed, in person, after programme and fees were announced (OP-10)."""
    if not given:
        raise NoConsent()
    if not by_teacher:
        raise ConsentOfAnother()
    if given_at > now:
        raise ConsentInFuture()
    if announced_at is None or given_at < announced_at:
        raise ConsentTooEarly()


def check_over(today: date, ends_on: date) -> None:
    """A programme is finished on its last day at the earliest."""
    if today < ends_on:
        raise ProgrammeNotOver()


def check_held(today: date, held_on: date) -> None:
    """Attendance is recorded on the session's day or later."""
    if today < held_on:
        raise SessionNotHeld()


def check_lessons(attended: int, held: int) -> None:
    """Nobody takes part in more lessons than a session has."""
    if attended > held:
        raise TooManyLessons(held=held)


def check_attended(lessons: int) -> None:
    """OP-08: who is certified was trained."""
    if lessons == 0:
        raise NotAttended()


def check_ratio_start(in_force_from: date, today: date, *, first: bool) -> None:
    """OP-18: a college's first ratio may cover lessons already given; a later one changes nothing that was counted."""
    if not first and in_force_from < today:
        raise RatioTooEarly()


def check_taught(taught_on: date, today: date) -> None:
    """OP-18: lessons count from the day they are given on."""
    if taught_on > today:
        raise WorkloadInFuture()


def workload(lessons: Decimal, ratio: Decimal | None) -> Decimal:
    """OP-18: lessons of certificate training as teaching workload: times the college's ratio, exactly, not rounded."""
    if ratio is None:
        raise RatioMissing()
    return lessons * ratio


def check_venue_named(venue_id: uuid.UUID | None) -> None:
    """OP-13: a session at a college says at which one."""
    if venue_id is None:
        raise VenueWrong("A session at a college names the college.")


def kind_of_venue(venue_kind: str | None) -> str:
    """The kind of organization that a venue can be; only a college or a training base is named by its id."""
    if venue_kind not in (COLLEGE, "training_base"):
        raise VenueWrong("Only a college or a training base is named by its id.")
    return venue_kind
