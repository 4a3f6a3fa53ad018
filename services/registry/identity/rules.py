"""Which scope a role acts in (PP-01, PP-37: regulators read their scope, everyone else acts for themselves)."""

import uuid

from onex.chassis.access import Role
from services.registry.identity.errors import OrganizationOfAnotherKind, ScopeMissing, ScopeNotOfRole

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


def check_kind(role: Role, kind: str) -> None:
    """PP-37: a client acts for an organization of its role's kind; raise OrganizationOfAnotherKind otherwise."""
    if KIND_OF_ROLE[role] != kind:
        raise OrganizationOfAnotherKind(f"A {role} client acts for no {kind}.")


def check_scope(
    role: Role, organization_id: uuid.UUID | None, province_code: str | None, learner_id: uuid.UUID | None
) -> None:
    """PP-37: a client has exactly the scope its role acts in; raise ScopeMissing or ScopeNotOfRole otherwise."""
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
