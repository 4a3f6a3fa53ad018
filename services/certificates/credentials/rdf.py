"""A document as statements (RDF), in one order only: RDF Dataset Canonicalization 1.0, by PyLD.

What JSON-LD drops without a word is refused here: a member or a type that no context defines, an identifier that is no
address. It would be in the document and not under the signature.

What was made to keep a verifier busy for ever is refused too (RDFC-1.0, section 7.1, dataset poisoning): where nodes without a
name look alike, every order of them is tried, of twenty alike more than there are seconds in an age.
"""

import re
import threading
from math import factorial
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015

from services.certificates.credentials.canonical import NotCanonical, canonical
from services.certificates.credentials.contexts import ContextNotPinned, load

# What is relative becomes an address below this one, and is known by it.
_RELATIVE = "https://relative.invalid/"
_OPTIONS = {"documentLoader": load, "processingMode": "json-ld-1.1", "base": _RELATIVE}
# RDFC-1.0 has them escaped, PyLD writes them as they are.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# In N-Quads an address ends with `>`, and PyLD writes it as it is: what is behind it would be read as further statements.
_NOT_IN_ADDRESSES = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_NO_NAME = "_:"
_N_QUADS = {"format": "application/n-quads"}
MOST_BYTES = 64_000
"""A longer document is not looked at; a certificate has three thousand."""
MOST_ORDERS = 5_000
"""So many orders of nodes that look alike are tried; a certificate has none."""
# PyLD keeps what it has read of the contexts in a cache that is not made for threads.
_one_at_a_time = threading.Lock()


class _Patience(URDNA2015):  # type: ignore[misc]
    """PyLD's RDFC-1.0, under the name that it had as a draft, which at some point gives up. The two differ in how control
    characters are written, which are refused here."""

    def __init__(self) -> None:
        super().__init__()
        self._left = MOST_ORDERS

    def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
        self._left -= 1 + sum(factorial(len(alike)) for alike in self.create_hash_to_related(id_, issuer).values())
        if self._left < 0:
            raise NotCanonical("too many of its nodes look alike")
        return super().hash_n_degree_quads(id_, issuer)


def canonical_quads(dataset: dict[str, Any]) -> str:
    """RDFC-1.0 of a dataset as PyLD has it. Raises NotCanonical where too much of it looks alike."""
    text: str = _Patience().main(dataset, _N_QUADS)
    return text


def statements(document: dict[str, Any]) -> bytes:
    """The canonical N-Quads of a JSON-LD document, in UTF-8. About 10 ms for a certificate.

    Raises NotCanonical for a context that is not pinned, a keyword of JSON-LD anywhere but `@context` at the top, all that makes
    no statement, and what is too long or too much alike to be worth the time.
    """
    if len(canonical(document)) > MOST_BYTES:
        raise NotCanonical("it is too long")
    contexts = document.get("@context")
    if not all(isinstance(one, str) for one in (contexts if isinstance(contexts, list) else [contexts])):
        raise NotCanonical("a context is named by its address")
    _check_plain({name: value for name, value in document.items() if name != "@context"})
    processor = jsonld.JsonLdProcessor(on_property_dropped=_refuse)
    try:
        with _one_at_a_time:
            expanded = processor.expand(document, dict(_OPTIONS))
            _check_complete(expanded)
            text = canonical_quads(processor.to_rdf(expanded, _OPTIONS | {"produceGeneralizedRdf": False}))
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
    elif isinstance(value, str) and _CONTROL.search(value):
        raise NotCanonical("there is a control character")


def _check_complete(expanded: Any) -> None:
    """Refuse relative identifiers and types, of which no statement is made, and what would make others than it says."""
    if isinstance(expanded, list):
        for inner in expanded:
            _check_complete(inner)
    elif isinstance(expanded, dict):
        types = expanded.get("@type", [])
        members = [name for name in expanded if not name.startswith("@")]
        for name in [expanded.get("@id", _NO_NAME), *(types if isinstance(types, list) else [types]), *members]:
            if not isinstance(name, str) or ":" not in name or name.startswith(_RELATIVE):
                raise NotCanonical(f"{name!r} is defined by no context")
            if name.startswith("_:") and name != _NO_NAME:
                raise NotCanonical(f"{name!r} is no identifier but here")
            if _NOT_IN_ADDRESSES.search(name):
                raise NotCanonical(f"{name!r} is no address")
        for inner in expanded.values():
            _check_complete(inner)


def _refuse(name: Any) -> None:
    raise NotCanonical(f"{name!r} is defined by no context")


def _cause(error: BaseException) -> str:
    """The innermost reason: PyLD wraps its errors in one another."""
    while isinstance(error.__cause__, BaseException):
        error = error.__cause__
    return str(error).partition("\n")[0]
