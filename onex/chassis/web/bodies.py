"""How large a body may be that is read into objects: JSON and form fields, which then take many times the memory.

A file (multipart/form-data) is held as it came, and so is what a door reads for itself by `request.get_data()`: both may be as
large as any request, see MAX_BODY_BYTES in app.py.
"""

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

MAX_PARSED_BYTES = 8 * 2**20


def small_body(request: Request) -> bytes:
    """The body, of MAX_PARSED_BYTES at most, or of what the door allows if that is less. Raises RequestEntityTooLarge."""
    limit = min(request.max_content_length or MAX_PARSED_BYTES, MAX_PARSED_BYTES)
    request.max_content_length = limit
    body = request.get_data(cache=True)
    if len(body) > limit:  # it had been read before the door ran, for its Idempotency-Key
        raise RequestEntityTooLarge()
    return body


class BoundedRequest(Request):
    """Flask's request, its form fields no larger than that."""

    def _load_form_data(self) -> None:
        if self.mimetype == "application/x-www-form-urlencoded" and "form" not in self.__dict__:
            small_body(self)
        super()._load_form_data()
