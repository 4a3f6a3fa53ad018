"""Refusals: what the platform says no to, and how it says it (RFC 9457 problem details)."""

from typing import Any, ClassVar, TypeVar

Thing = TypeVar("Thing")


class Refusal(Exception):
    """A request or an event that a rule does not allow.

    Subclass it in an area's `errors.py`, once a refusal, with a stable `code` that clients may rely on.
    `facts` go into the problem document beside the detail, so they must never hold personal data.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "The rules do not allow this"
    clause: ClassVar[str | None] = None

    def __init__(self, detail: str = "", **facts: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.facts = facts

    def problem(self) -> dict[str, Any]:
        """The members of an `application/problem+json` body (RFC 9457 section 3)."""
        members: dict[str, Any] = {
            "type": f"urn:onex:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.clause:
            members["clause"] = self.clause
        return members | self.facts


class NotFound(Refusal):
    status, code, title = 404, "not_found", "There is nothing here that you may see"


def there(found: Thing | None) -> Thing:
    """What was found; raise NotFound when it is nothing."""
    if found is None:
        raise NotFound()
    return found


class Unauthorized(Refusal):
    status, code, title = 401, "token_missing", "A valid access token is needed"


class TokenInvalid(Unauthorized):
    code, title = "token_invalid", "The access token is not valid"


class TokenExpired(Unauthorized):
    code, title = "token_expired", "The access token has expired"


class Forbidden(Refusal):
    status, code, title = 403, "role_not_allowed", "The caller's role may not do this"


class OutOfScope(Refusal):
    status, code, title = 403, "organization_not_allowed", "This belongs to another organization"


class Malformed(Refusal):
    status, code, title = 400, "malformed", "The request cannot be read"


class Invalid(Refusal):
    status, code, title = 422, "invalid", "Some fields are not right"


class TooLarge(Refusal):
    status, code, title = 413, "too_large", "The request is larger than allowed"


class IdempotencyKeyReused(Refusal):
    status, code, title = 422, "idempotency_key_reused", "This Idempotency-Key was used for another request"


class NotYetKnown(Exception):
    """An event needs something that this service has not heard of yet: transient, the event is tried again later."""
