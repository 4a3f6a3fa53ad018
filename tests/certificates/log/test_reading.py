"""A text that is verified is read by one of two decoders; which one it is, nobody can tell from what was read."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onex.cli.verify import CannotRead, Given

names = st.text(max_size=3) | st.sampled_from(["a", "id", "张"])
numbers = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=10,
)
oddities = st.sampled_from(
    ['"a":1,', '"\\u0061":2,', '"a":1', "NaN", "-Infinity", "1e400", "-0", "-0.0", "0.10", "1E2", "1e20", "18446744073709551616",
     "-9223372036854775809", "9007199254740993.0", "\\ud800", "\ud800", "\\u001f", "\x1f", "\\/", " ", "\n", "\ufeff", "//",
     '"', "\\", "{", "}", "[", "]", ",", ":", "1", "01", ".5", "9" * 5_000, "[" * 300 + "]" * 300]
)  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A certificate with something in it, as it is written by this or that program, or damaged."""
    document = {"a": draw(values), "type": ["VerifiableCredential"]}
    text = draw(
        st.sampled_from(
            [
                orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode(),
                orjson.dumps(document).decode(),
                json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False),
                json.dumps(document, indent=1),
            ]
        )
    )
    if draw(st.booleans()):
        start = draw(st.integers(1, len(text)))
        text = text[:start] + draw(oddities) + text[draw(st.integers(start, min(start + 3, len(text)))) :]
    return text


def once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(members)) != len(members):
        raise ValueError("a member is there twice")
    return dict(members)


def refused(constant: str) -> None:
    raise ValueError(constant)


def strictly(text: str) -> str:
    try:
        document = json.loads(text, object_pairs_hook=once, parse_constant=refused)
        return repr(document) if "VerifiableCredential" in document["type"] else "refused"
    except (ValueError, KeyError, TypeError, RecursionError):
        return "refused"


def taken(text: str) -> str:
    found = Given()
    try:
        found.take(text, "a file")
    except CannotRead:
        return "refused"
    (document,) = found.credentials
    return repr(document)  # by which 1 is not 1.0, 0.0 not -0.0, and the order counts


def certificate(value: str) -> str:
    return f'{{"a":{value},"type":["VerifiableCredential"]}}'


@given(texts())
@example(certificate('"x","a":"x"'))
@example(certificate('{"b":1,"b":1}'))
@example(certificate('"\ud800"'))
def test_any_text_is_read_as_a_strict_decoder_reads_it_or_refused_as_by_it(text: str) -> None:
    assert taken(text) == strictly(text)


@pytest.mark.parametrize(
    "value",
    ["-0", "-0.0", "1e20", "1e+20", "100000000000000000000", "18446744073709551615", "18446744073709551616", "1.0", "5e-324",
     "-9223372036854775809", "1e400", "0.1", "1e-7", "9007199254740993.0", "NaN", '"\\ud800"', '"\\u001f"', '"\x1f"',
     "[" * 260 + "]" * 260],
)  # fmt: skip
def test_any_value_is_read_as_a_strict_decoder_reads_it_or_refused_as_by_it(value: str) -> None:
    assert taken(certificate(value)) == strictly(certificate(value))
