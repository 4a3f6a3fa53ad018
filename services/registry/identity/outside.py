"""Somebody whom the outside issuer vouches for: its token is read strictly and exchanged for one of ours (RFC 8693).

The other services know nothing of it: they see our tokens only (docs/decisions/0013).
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import LEEWAY_S, Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.problems import Refusal
from onex.chassis.settings import OutsideIssuer
from services.registry.identity import actions, queries, rules
from services.registry.identity.models import OutsidePerson
from services.registry.identity.outside_keys import OutsideKeys
from services.registry.organizations.models import Organization

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
LONGEST_TOKEN, LONGEST_SUBJECT = 16 * 1024, 1024


class NotVouchedFor(Exception):
    """The token says nothing that we believe, or nothing that we can use; the text may be shown to its bearer."""


@dataclass(frozen=True)
class Vouched:
    """What a good outside token says of its bearer."""

    subject: str
    role: Role
    organization: str | None


def read(token: str, keys: OutsideKeys, wanted_role: str | None) -> Vouched:
    """What the token says, if the issuer we trust signed it for us and it is in time. Raise NotVouchedFor otherwise."""
    trusted = keys.issuer
    if not token or len(token) > LONGEST_TOKEN:
        raise NotVouchedFor("The subject token cannot be read.")

    def key_of(obj: Any) -> Any:
        found = keys.key(str(obj.headers().get("kid") or ""))
        if found is None:
            raise InvalidKeyIdError("unknown")
        return found

    try:
        claims = jwt.decode(token, key_of, algorithms=list(ALGORITHMS)).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": trusted.issuer},
            aud={"essential": True, "value": trusted.audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise NotVouchedFor("The subject token is not one of the trusted issuer, for us, and in time.") from None
    subject = claims["sub"]
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != trusted.audience:  # OpenID Connect Core section 3.1.3.7
        raise NotVouchedFor("The subject token was issued to another party.")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotVouchedFor("The subject token names nobody.")
    organization = _claim(claims, trusted.organization_claim)
    return Vouched(
        subject, _role(claims, trusted, wanted_role), organization if isinstance(organization, str) else None
    )


def sign_in(session: UnitOfWork, vault: Vault, trusted: OutsideIssuer, vouched: Vouched) -> Caller:
    """Who the bearer is here, in the role and scope that the outside token gives."""
    organization_id = _organization_id(session, vouched)
    try:
        province_code = actions.scope_of(session, vouched.role, organization_id, None)
    except Refusal as refused:
        raise NotVouchedFor(refused.detail) from None
    person = _known(session, vault, trusted, vouched, organization_id, province_code)
    if person.disabled_at is not None:
        raise NotVouchedFor("The subject may not sign in here.")
    person.role, person.organization_id, person.province_code = vouched.role, organization_id, province_code
    person.last_seen_on = clock.today()
    return Caller(f"{queries.OUTSIDE}{person.id}", vouched.role, organization_id, province_code)


def _role(claims: Mapping[str, Any], trusted: OutsideIssuer, wanted: str | None) -> Role:
    """The one role that the claim's values stand for; of several the one that is asked for."""
    said = _claim(claims, trusted.role_claim)
    values = said if isinstance(said, list) else [said]
    roles = {trusted.roles[value] for value in values if isinstance(value, str) and value in trusted.roles}
    if wanted is not None:
        roles &= {wanted}
    if not roles:
        raise NotVouchedFor("The subject token gives no role that is known here.")
    if len(roles) > 1:
        raise NotVouchedFor(f"There are several roles: ask for one with scope, of {', '.join(sorted(roles))}.")
    return Role(roles.pop())


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or, where none has it, by its path: realm_access.roles."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _organization_id(session: UnitOfWork, vouched: Vouched) -> uuid.UUID | None:
    """The organization that the token names, by its id here or its code; None for a role that acts for none."""
    if vouched.role not in rules.KIND_OF_ROLE:
        return None
    if vouched.organization is None or "\0" in vouched.organization:
        raise NotVouchedFor("The subject token names no organization to act for.")
    try:
        return uuid.UUID(vouched.organization)
    except ValueError:
        pass
    of_role = select(Organization.id).where(Organization.kind == rules.KIND_OF_ROLE[vouched.role])
    found = session.scalar(of_role.where(Organization.code == vouched.organization))
    if found is None:
        raise NotVouchedFor("The organization that the subject token names is not known here.")
    return found


def _known(
    session: UnitOfWork, vault: Vault, trusted: OutsideIssuer, vouched: Vouched,
    organization_id: uuid.UUID | None, province_code: str | None,
) -> OutsidePerson:  # fmt: skip
    """What is kept of the bearer; of two first sign-ins at once, one keeps it."""
    said = f"{trusted.issuer}\n{vouched.subject}"
    # Hashed first: the blind index folds letters, and to the issuer `a` and `A` may be two people.
    exact = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    index = vault.blind_index(exact, "outside subject")
    query = select(OutsidePerson).where(OutsidePerson.subject_index == index).with_for_update(key_share=True)
    person = session.scalars(query).first()
    if person is None:
        person = OutsidePerson(
            subject_index=index,
            sealed_subject=vault.seal(said.encode("utf-8", "surrogatepass"), "outside subject"),
            role=vouched.role,
            organization_id=organization_id,
            province_code=province_code,
            first_seen_at=clock.now(),
            last_seen_on=clock.today(),
        )
        try:
            with session.begin_nested():
                session.add(person)
        except IntegrityError:
            return session.scalars(query).one()
    return person
