"""What identity refuses."""

from onex.chassis.problems import Refusal


class ScopeMissing(Refusal):
    status, code, title = 422, "client_scope_missing", "A client of this role needs the scope it acts in"


class ScopeNotOfRole(Refusal):
    status, code, title = 422, "client_scope_not_of_role", "A client of this role has no such scope"


class ClientExists(Refusal):
    status, code, title = 409, "client_exists", "A client of this id is registered already"


class OrganizationOfAnotherKind(Refusal):
    status, code, title = (
        422,
        "client_organization_of_another_kind",
        "The organization is of another kind than the role",
    )
