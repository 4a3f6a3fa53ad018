"""What the registry says."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from onex.contracts.event import Event, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKeyPublished(Event):
    """A public key with which access tokens may be signed from now on, until it retires."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "access_key_published"
    subject: ClassVar[str] = "key_id"

    key_id: str
    public_key: str
    """The Ed25519 public key, base64url without padding, as `x` in a JWK (RFC 8037)."""
    retires_at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationAdmitted(Event):
    """An organization is part of the pilot from now on, or what is known of it changed (a higher version)."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "organization_admitted"
    subject: ClassVar[str] = "organization_id"

    organization_id: uuid.UUID
    organization_version: int
    kind: Literal["province", "teo", "college"]
    code: str
    """Unified social credit code (GB 32100); for a province its division code."""
    name_zh: str
    name_en: str
    division_code: str
    """GB/T 2260, six digits."""
    admitted_at: Moment
    province_code: str | None = None
    """Two digits; 66 for the Corps. None for a TEO."""
    college_kind: str | None = None
    """What kind of college it is (PP-13, PP-34); None for the others."""
    levels: tuple[str, ...] = ()
    """The levels at which a college of a kind that may choose trains and assesses (PP-13); empty: all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSigned(Event):
    """A TEO's agreement with its five clauses is in force from and to these days (OP-36)."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "agreement_signed"
    subject: ClassVar[str] = "agreement_id"

    agreement_id: uuid.UUID
    teo_id: uuid.UUID
    in_force_from: date
    in_force_to: date
    """The last day, included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLevel:
    """One level of a certificate type with its standard in force (PP-10)."""

    level: Literal["primary", "intermediate", "advanced"]
    standard_version: str
    standard_released_on: date
    """The day from which the TEO's one month for the credit record runs (OP-33)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateTypePublished(Event):
    """A certificate type with its levels and their published standards (PP-10); a higher version replaces a lower."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "certificate_type_published"
    subject: ClassVar[str] = "certificate_type_id"

    certificate_type_id: uuid.UUID
    type_version: int
    code: str
    """Three digits, such as `004`; part of every certificate number of this type."""
    name_zh: str
    name_en: str
    teo_id: uuid.UUID
    levels: tuple[PublishedLevel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFiled(Event):
    """An assessment site was settled by TEO and province and filed (OP-23): sittings may be held there."""

    producer: ClassVar[str] = "registry"
    name: ClassVar[str] = "site_filed"
    subject: ClassVar[str] = "site_id"

    site_id: uuid.UUID
    code: str
    college_id: uuid.UUID
    teo_id: uuid.UUID
    certificate_type_id: uuid.UUID
    division_code: str
    filed_at: Moment
