"""What the assessment service says."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from onex.contracts.event import Event, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPublished(Event):
    """A candidate's result of one assessment is final and public to the candidate. Inside the platform only."""

    producer: ClassVar[str] = "assessment"
    name: ClassVar[str] = "result_published"
    subject: ClassVar[str] = "result_id"

    result_id: uuid.UUID
    learner_id: uuid.UUID
    sealed_person: str
    """Name and document, encrypted for the services that hold the key."""
    candidate_kind: Literal["student", "social"]
    certificate_type_id: uuid.UUID
    level: Literal["primary", "intermediate", "advanced"]
    standard_version: str
    teo_id: uuid.UUID
    college_id: uuid.UUID | None
    """None for social persons assessed without a college (OP-17)."""
    plan_id: uuid.UUID
    sitting_id: uuid.UUID
    assessed_on: date
    passed: bool
    score_hundredths: int
    """The weighted score in hundredths of a point, 0 to 10000."""
    published_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultAnnulled(Event):
    """A published result no longer counts, by decision of the TEO that published it. Inside the platform only."""

    producer: ClassVar[str] = "assessment"
    name: ClassVar[str] = "result_annulled"
    subject: ClassVar[str] = "result_id"

    result_id: uuid.UUID
    learner_id: uuid.UUID
    certificate_type_id: uuid.UUID
    level: Literal["primary", "intermediate", "advanced"]
    teo_id: uuid.UUID
    college_id: uuid.UUID | None
    ground: Literal["cheating", "impersonation", "marking_error", "irregular_sitting"]
    passed: bool
    """Whether it was a pass, which earned a certificate."""
    annulled_at: Moment
