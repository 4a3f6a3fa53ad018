"""The canonical form is that of RFC 8785, byte for byte, or it is refused."""

import datetime
import enum
import json
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.credentials.canonical import NotCanonical, canonical

BEYOND = 2**53

keys = st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=8)
scalars = st.none() | st.booleans() | st.integers(-BEYOND + 1, BEYOND - 1) | st.text(max_size=20)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=6), max_leaves=30
)


@given(documents)
def test_the_bytes_are_those_of_the_reference(document: Any) -> None:
    assert canonical(document) == rfc8785.dumps(document)


@given(documents)
def test_what_was_written_reads_back_the_same(document: Any) -> None:
    assert json.loads(canonical(document)) == document


@pytest.mark.parametrize("first", range(0, 0x11000, 0x1000))
def test_every_character_is_written_as_the_reference_writes_it(first: int) -> None:
    # The whole Basic Multilingual Plane without surrogates, and the first of the planes beyond.
    text = "".join(chr(code) for code in range(first, first + 0x1000) if not 0xD800 <= code <= 0xDFFF)
    assert canonical({"text": text}) == rfc8785.dumps({"text": text})


@pytest.mark.parametrize(
    ("character", "written"),
    [
        ("\x00", "\\u0000"),
        ("\x0f", "\\u000f"),
        ("\b", "\\b"),
        ("\t", "\\t"),
        ("\n", "\\n"),
        ("\x0b", "\\u000b"),
        ("\f", "\\f"),
        ("\r", "\\r"),
        ('"', '\\"'),
        ("\\", "\\\\"),
        ("/", "/"),
        ("\x7f", "\x7f"),
        ("\u2028", "\u2028"),
        ("\u2029", "\u2029"),
        ("\ufeff", "\ufeff"),
        ("张", "张"),
        ("😂", "😂"),
    ],
)
def test_only_what_must_be_escaped_is_escaped(character: str, written: str) -> None:
    assert canonical(character).decode() == f'"{written}"' == rfc8785.dumps(character).decode()


def test_the_string_of_the_rfc_is_written_as_the_rfc_writes_it() -> None:
    # RFC 8785 section 3.2.2: the member "string" of the sample, and its canonical form in section 3.2.3.
    sample = json.loads(
        r'{"string":"\u20ac$\u000F\u000aA' + "'" + r'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}'
    )
    assert canonical(sample).decode() == r'{"literals":[null,true,false],"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'


@pytest.mark.parametrize(
    ("given_text", "written"),
    [
        # The RFC's author's test data, cyberphone/json-canonicalization testdata/{input,output}: unicode.json, and
        # structures.json with its 56.0 as 56, since floats are refused here.
        ('{"Unnormalized Unicode":"\\u1e0d\\u0307"}', '{"Unnormalized Unicode":"\u1e0d\u0307"}'),
        (
            '{"1":{"f":{"f":"hi","F":5},"\\n":56},"10":{},"":"empty","a":{},"111":[{}],"A":{}}',
            '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
        ),
    ],
)
def test_the_test_data_of_the_rfcs_author_is_written_as_expected(given_text: str, written: str) -> None:
    assert canonical(json.loads(given_text)).decode() == written


@pytest.mark.parametrize("number", [0, -1, BEYOND - 1, 1 - BEYOND])
def test_an_integer_a_double_holds_is_written(number: int) -> None:
    assert canonical([number]) == f"[{number}]".encode() == rfc8785.dumps([number])


class Colour(enum.Enum):
    RED = "red"


class Text(str):
    pass


@dataclass
class Point:
    x: int


def nested(depth: int) -> Any:
    document: Any = []
    for _ in range(depth):
        document = [document]
    return document


def circle() -> Any:
    document: dict[str, Any] = {}
    document["itself"] = document
    return document


@pytest.mark.parametrize(
    "document",
    [
        1.0,
        {"a": [0.1]},
        float("nan"),
        float("inf"),
        BEYOND,
        -BEYOND,
        2**64,
        {"é": 1},
        {"\u20ac": 1, "\U0001f602": 2},
        {1: "a"},
        {Text("a"): 1},
        "\ud800",
        {"a": "\udc00b"},
        {"\ud800": 1},
        (1, 2),
        Text("a"),
        b"bytes",
        {1},
        Colour.RED,
        Point(1),
        datetime.date(2026, 1, 1),
        datetime.datetime(2026, 1, 1),
        uuid.UUID(int=1),
        object(),
        nested(2000),
        circle(),
    ],
)
def test_what_has_no_agreed_form_is_refused(document: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(document)
    with pytest.raises(NotCanonical):
        canonical({"deep": [{"inside": document}]})
