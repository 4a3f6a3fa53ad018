"""What the registry says of the pilot's course: quotas, fees, invitations, orders, opinions, policies, exits."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from onex.contracts.event import Event, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaFiled(Event):
    """A college's quota for a type's level in a year (OP-07); a higher version replaces a lower."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "quota_filed"
    subject: ClassVar[str] = "quota_id"

    quota_id: uuid.UUID
    quota_version: int
    college_id: uuid.UUID
    certificate_type_id: uuid.UUID
    level: Literal["primary", "intermediate", "advanced"]
    year: int
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeCeilingPublished(Event):
    """The cost ceiling of a type's level from a day on (OP-27), until one with a later day begins."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "fee_ceiling_published"
    subject: ClassVar[str] = "fee_ceiling_id"

    fee_ceiling_id: uuid.UUID
    certificate_type_id: uuid.UUID
    level: Literal["primary", "intermediate", "advanced"]
    ceiling_version: int
    """1 for a level's first ceiling, then one more each time."""
    amount_fen: int
    """Hundredths of a yuan, for one candidate."""
    in_force_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeAgreed(Event):
    """TEO, province and college have agreed on what a candidate of the college costs at a type's level (OP-28)."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "fee_agreed"
    subject: ClassVar[str] = "fee_agreement_id"

    fee_agreement_id: uuid.UUID
    teo_id: uuid.UUID
    college_id: uuid.UUID
    province_code: str
    """Two digits."""
    certificate_type_id: uuid.UUID
    level: Literal["primary", "intermediate", "advanced"]
    amount_fen: int
    """Hundredths of a yuan, for one candidate; at or under the ceiling in force."""
    in_force_from: date
    in_force_to: date
    """The last day, included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStandingChanged(Event):
    """A filed site was suspended, opened again or closed (OP-23): sittings are only held while it is `filed`."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "site_standing_changed"
    subject: ClassVar[str] = "site_id"

    site_id: uuid.UUID
    site_version: int
    """1 when the site is filed, then one more each time; a higher version replaces a lower."""
    standing: Literal["filed", "suspended", "closed"]
    code: str
    college_id: uuid.UUID
    teo_id: uuid.UUID
    certificate_type_id: uuid.UUID
    division_code: str
    changed_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationInvited(Event):
    """A province invited a TEO to a seminar or training of its own (OP-05)."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "organization_invited"
    subject: ClassVar[str] = "invitation_id"

    invitation_id: uuid.UUID
    organization_id: uuid.UUID
    province_code: str
    title: str
    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationOrdered(Event):
    """An organization has to put something right by a day (OP-43)."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "rectification_ordered"
    subject: ClassVar[str] = "rectification_id"

    rectification_id: uuid.UUID
    organization_id: uuid.UUID
    matter: str
    due_on: date
    """The last day, included."""
    ordered_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAnswered(Event):
    """An opinion from the public has its answer (OP-40). What was said and by whom stays in the registry."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "opinion_answered"
    subject: ClassVar[str] = "opinion_id"

    opinion_id: uuid.UUID
    topic: str
    received_at: Moment
    answered_at: Moment
    in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPublished(Event):
    """A policy document can be read by anyone from now on (OP-45)."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "policy_published"
    subject: ClassVar[str] = "policy_id"

    policy_id: uuid.UUID
    number: str
    """Its number as its source gave it, such as 教职成〔2019〕6号."""
    title_zh: str
    title_en: str
    source: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitCaseOpened(Event):
    """Whether an organization's part ends is being investigated (OP-41, OP-42)."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "exit_case_opened"
    subject: ClassVar[str] = "exit_case_id"

    exit_case_id: uuid.UUID
    organization_id: uuid.UUID
    kind: Literal["teo", "college"]
    ground: Literal["a", "b", "c", "d", "e", "f"]
    """The clause's letter."""
    opened_by_itself: bool
    """True where a rule opened it: three weeks without a report."""
    opened_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationExited(Event):
    """An organization's part has ended by decision (OP-41, OP-42): nothing new of it is taken; what it issued stays valid."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "organization_exited"
    subject: ClassVar[str] = "organization_id"

    organization_id: uuid.UUID
    organization_version: int
    exit_case_id: uuid.UUID
    kind: Literal["teo", "college"]
    ground: Literal["a", "b", "c", "d", "e", "f"]
    decided_by: str
    """The body that decided: the Ministry for a TEO, the province for a college."""
    exited_at: Moment
