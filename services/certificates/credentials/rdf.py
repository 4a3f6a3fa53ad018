"""A document as statements (RDF), in one order only: RDF Dataset Canonicalization 1.0, by PyLD.

What JSON-LD drops without a word is refused here: a member or a type that no context defines, an identifier that is no
address. It would be in the document and not under the signature.
"""

import threading
from typing import Any

from pyld import jsonld

from services.certificates.credentials.canonical import NotCanonical
from services.certificates.credentials.contexts import ContextNotPinned, load

# What is relative becomes an address below this one, and is known by it.
_RELATIVE = "https://relative.invalid/"
_OPTIONS = {"documentLoader": load, "processingMode": "json-ld-1.1", "base": _RELATIVE}
# PyLD writes RDFC-1.0 under the name it had as a draft; for SHA-256 they are the same.
_NORMALIZING = {"algorithm": "URDNA2015", "format": "application/n-quads"}
# PyLD keeps what it has read of the contexts in a cache that is not made for threads.
_one_at_a_time = threading.Lock()


def statements(document: dict[str, Any]) -> bytes:
    """The canonical N-Quads of a JSON-LD document, in UTF-8. About 10 ms for a certificate.

    Raises NotCanonical for a context that is not pinned, a keyword of JSON-LD anywhere but `@context` at the top, and all that
    makes no statement.
    """
    contexts = document.get("@context")
    if not all(isinstance(one, str) for one in (contexts if isinstance(contexts, list) else [contexts])):
        raise NotCanonical("a context is named by its address")
    _check_plain({name: value for name, value in document.items() if name != "@context"})
    processor = jsonld.JsonLdProcessor(on_property_dropped=_refuse)
    try:
        with _one_at_a_time:
            expanded = processor.expand(document, dict(_OPTIONS))
            _check_complete(expanded)
            text: str = processor.normalize(expanded, _OPTIONS | _NORMALIZING)
    except (jsonld.JsonLdError, ContextNotPinned, RecursionError, UnicodeError) as error:
        raise NotCanonical(f"no statements can be made of it: {_cause(error)}") from None
    return text.encode()


def _check_plain(value: Any) -> None:
    """Refuse JSON-LD's own words: an inline context, or a second place for what a reader of plain JSON looks for in one."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.startswith("@"):
                raise NotCanonical(f"{name} is not expected here")
            _check_plain(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_plain(inner)


def _check_complete(expanded: Any) -> None:
    """Refuse relative identifiers and types: no statement is made of them."""
    if isinstance(expanded, list):
        for inner in expanded:
            _check_complete(inner)
    elif isinstance(expanded, dict):
        types = expanded.get("@type", [])
        for name in [expanded.get("@id", "_:"), *(types if isinstance(types, list) else [types])]:
            if not isinstance(name, str) or ":" not in name or name.startswith(_RELATIVE):
                raise NotCanonical(f"{name!r} is defined by no context")
        for inner in expanded.values():
            _check_complete(inner)


def _refuse(name: Any) -> None:
    raise NotCanonical(f"{name!r} is defined by no context")


def _cause(error: BaseException) -> str:
    """The innermost reason: PyLD wraps its errors in one another."""
    while isinstance(error.__cause__, BaseException):
        error = error.__cause__
    return str(error).partition("\n")[0]
