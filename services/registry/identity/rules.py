"""Which scope a role acts in (PP-01, PP-37), how often a name may be tried, and when keys and secrets change."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onex.chassis.access import LEEWAY_S, Role
from services.registry.identity.errors import (
    OrganizationOfAnotherKind,
    ScopeMissing,
    ScopeNotOfRole,
    SecretKeptTooLong,
    SignInLocked,
)

SCOPE_OF_ROLE: dict[Role, frozenset[str]] = {
    Role.MINISTRY: frozenset(),
    Role.OPERATOR: frozenset(),
    Role.PROVINCE: frozenset({"organization_id", "province_code"}),
    Role.TEO: frozenset({"organization_id"}),
    Role.COLLEGE: frozenset({"organization_id", "province_code"}),
    Role.PARTNER: frozenset(),
    Role.LEARNER: frozenset({"learner_id"}),
}

# The kind of organization that a client of this role acts for.
KIND_OF_ROLE: dict[Role, str] = {Role.PROVINCE: "province", Role.TEO: "teo", Role.COLLEGE: "college"}

TOKEN_LIFETIME = timedelta(minutes=15)
# A session is a working day; whoever does nothing for an hour has gone.
SESSION_LIFETIME, SESSION_IDLE = timedelta(hours=12), timedelta(hours=1)

OLD_SECRET_STAYS, OLD_SECRET_AT_MOST = timedelta(days=1), timedelta(days=90)

# NIST SP 800-63B section 5.2.2 lets a name be tried at most a hundred times; here five in a quarter of an hour.
TRIES, TRIED_WITHIN, CALM_AFTER = 5, timedelta(minutes=15), timedelta(days=1)
LOCKED_FOR = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))

KEY_SIGNS_FOR, KEY_ANNOUNCED_BEFORE = timedelta(days=90), timedelta(days=7)
# Between a key's way round the broker and its first signature: time for a service that lags behind.
KEY_KNOWN_FOR = timedelta(hours=1)
# Then its last token has expired, with room for clocks that differ.
KEY_RETIRES_AFTER = TOKEN_LIFETIME + timedelta(seconds=LEEWAY_S) + timedelta(minutes=10)


def check_kind(role: Role, kind: str) -> None:
    """PP-37: whoever has this role acts for an organization of its kind; raise OrganizationOfAnotherKind otherwise."""
    if KIND_OF_ROLE[role] != kind:
        raise OrganizationOfAnotherKind(f"A {role} client acts for no {kind}.")


def check_scope(
    role: Role, organization_id: uuid.UUID | None, province_code: str | None, learner_id: uuid.UUID | None
) -> None:
    """PP-37: a role has exactly the scope it acts in; raise ScopeMissing or ScopeNotOfRole otherwise."""
    given = {
        name
        for name, value in {
            "organization_id": organization_id,
            "province_code": province_code,
            "learner_id": learner_id,
        }.items()
        if value is not None
    }
    if missing := SCOPE_OF_ROLE[role] - given:
        raise ScopeMissing(f"A {role} client needs: {', '.join(sorted(missing))}.")
    if extra := given - SCOPE_OF_ROLE[role]:
        raise ScopeNotOfRole(f"A {role} client has no: {', '.join(sorted(extra))}.")


@dataclass(frozen=True)
class Tries:
    """How often a name was tried: in the current window, since the last success, and how often it was locked."""

    failures: int
    total: int
    counted_from: datetime
    tried_at: datetime
    locks: int = 0
    locked_until: datetime | None = None


def tried(before: Tries | None, now: datetime) -> Tries:
    """What is known of a name when it is tried once more; raise SignInLocked while it may not be.

    Counted before the password is looked at, so that no number of attempts at once is more than TRIES. The last of them
    locks the name already; a right password unlocks it again. Each lock is longer than the one before.
    """
    if before is None or now - before.tried_at >= CALM_AFTER:
        return Tries(failures=1, total=1, counted_from=now, tried_at=now)
    if before.locked_until is not None and now < before.locked_until:
        seconds = int((before.locked_until - now).total_seconds()) + 1
        raise SignInLocked(f"It may be tried again in {seconds} seconds.", retry_after_s=seconds)
    anew = now - before.counted_from >= TRIED_WITHIN or before.locked_until is not None
    after = replace(
        before,
        failures=1 if anew else before.failures + 1,
        total=before.total + 1,
        counted_from=now if anew else before.counted_from,
        tried_at=now,
        locked_until=None,
    )
    if after.failures < TRIES:
        return after
    longest = LOCKED_FOR[min(after.locks, len(LOCKED_FOR) - 1)]
    return replace(after, locks=after.locks + 1, locked_until=now + longest)


def old_secret_ends(wanted: datetime | None, now: datetime) -> datetime:
    """Until when the secret before stays valid: a day if nothing is said; raise SecretKeptTooLong beyond 90 days.

    A moment that has passed means at once.
    """
    ends = now + OLD_SECRET_STAYS if wanted is None else wanted
    if ends > now + OLD_SECRET_AT_MOST:
        raise SecretKeptTooLong(f"At most {OLD_SECRET_AT_MOST.days} days.")
    return ends


def next_key_is_due(signing_since: datetime, now: datetime) -> bool:
    """Whether the key that is to follow must be announced now."""
    return now >= signing_since + KEY_SIGNS_FOR - KEY_ANNOUNCED_BEFORE


def next_key_signs_from(signing_since: datetime, now: datetime) -> datetime:
    """The moment planned for the change."""
    return max(signing_since + KEY_SIGNS_FOR, now)


def key_may_sign(signs_from: datetime, heard_at: datetime | None, now: datetime) -> bool:
    """Whether an announced key may sign: it was heard, long enough ago for everyone, and its time has come."""
    return heard_at is not None and now >= max(signs_from, heard_at + KEY_KNOWN_FOR)
