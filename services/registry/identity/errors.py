"""What identity refuses."""

from onex.chassis.problems import Refusal, Unauthorized


class ScopeMissing(Refusal):
    status, code, title, clause = 422, "client_scope_missing", "This role needs the scope it acts in", "PP-37"


class ScopeNotOfRole(Refusal):
    status, code, title, clause = 422, "client_scope_not_of_role", "This role has no such scope", "PP-37"


class ClientExists(Refusal):
    status, code, title = 409, "client_exists", "A client of this id is registered already"


class OrganizationOfAnotherKind(Refusal):
    status, code, title, clause = (
        422,
        "client_organization_of_another_kind",
        "The organization is of another kind than the role",
        "PP-37",
    )


class SecretKeptTooLong(Refusal):
    status, code, title = 422, "secret_kept_too_long", "The old secret may not stay valid for so long"


class AlreadyDisabled(Refusal):
    status, code, title = 409, "access_is_disabled", "It is disabled already"


class NotDisabled(Refusal):
    status, code, title = 409, "access_is_enabled", "It is not disabled"


class PersonExists(Refusal):
    status, code, title = 409, "person_exists", "Somebody has this user name already"


class RoleHeld(Refusal):
    status, code, title = 409, "role_held", "The person has this role in this scope already"


class RoleRevoked(Refusal):
    status, code, title = 409, "role_is_revoked", "The role was taken back already"


class PasswordTooShort(Refusal):
    status, code, title = 422, "password_too_short", "The password is too short"


class PasswordTooCommon(Refusal):
    status, code, title = 422, "password_too_common", "The password is one of those that are tried first"


class PasswordUnchanged(Refusal):
    status, code, title = 422, "password_unchanged", "The new password is the old one"


class PasswordChangeRequired(Refusal):
    status, code, title = 403, "password_change_required", "An assigned password must be changed before it signs in"


class SignInFailed(Unauthorized):
    code, title = "sign_in_failed", "User name or password is wrong"


class SignInLocked(Refusal):
    status, code, title = 429, "sign_in_locked", "This name was tried too often; it may be tried again later"


class Busy(Refusal):
    status, code, title = 503, "sign_in_busy", "Too many are signing in at once; please try again soon"


class RoleNotChosen(Refusal):
    status, code, title = 409, "role_not_chosen", "There are several roles to sign in with: choose one"


class RoleNotHeld(Refusal):
    status, code, title, clause = 403, "role_not_held", "The person has no such role to sign in with", "PP-37"


class SessionInvalid(Unauthorized):
    code, title = "session_invalid", "The session is over, or there was none"


class SessionOver(Refusal):
    status, code, title = 409, "session_is_over", "The session is over already"


class KeyAnnounced(Refusal):
    status, code, title = 409, "signing_key_is_announced", "A new key is announced already and will sign soon"


class OutsideIssuerAway(Refusal):
    status, code, title = 503, "outside_issuer_away", "The outside issuer's keys cannot be read now"
