"""The canonical form is that of RFC 8785, byte for byte, or it is refused."""

import datetime
import enum
import json
import struct
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.credentials.canonical import NotCanonical, canonical

BEYOND = 2**53

ascii_keys = st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=8)
keys = ascii_keys | st.text(max_size=4)
numbers = st.integers(-BEYOND + 1, BEYOND - 1) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=20)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=6), max_leaves=30
)


@given(documents)
def test_the_bytes_are_those_of_the_reference(document: Any) -> None:
    assert canonical(document) == rfc8785.dumps(document)


@given(documents)
def test_what_was_written_reads_back_the_same(document: Any) -> None:
    assert json.loads(canonical(document), parse_int=float) == document  # JSON has numbers of one kind


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
        # structures.json, values.json, french.json and weird.json.
        ('[56,{"d":true,"10":null,"1":[ ]}]', '[56,{"1":[],"10":null,"d":true}]'),  # arrays.json
        ('{"Unnormalized Unicode":"\\u1e0d\\u0307"}', '{"Unnormalized Unicode":"\u1e0d\u0307"}'),
        (
            '{"1":{"f":{"f":"hi","F":5},"\\n":56.0},"10":{},"":"empty","a":{},"111":[{}],"A":{}}',
            '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
        ),
        (
            '{"numbers":[1E30,4.50,333333333.33333329,2e-3,0.000000000000000000000000001],'
            r'"escaping":"\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\\"\/",'.replace("\\'", "'")
            + '"literals":[null,true,false]}',
            r'{"escaping":"€$\u000f\nA' + "'" + r'B\"\\\\\"/","literals":[null,true,false],'
            '"numbers":[1e+30,4.5,333333333.3333333,0.002,1e-27]}',
        ),
        (
            '{"peach":"sorting","péché":"French","pêche":"MUST","sin":"locale"}',
            '{"peach":"sorting","péché":"French","pêche":"MUST","sin":"locale"}',
        ),
        (
            r'{"\u20ac":"Euro","1":"One","\u0080":"Control\u007f","\ud83d\ude02":"Smiley","\u00f6":"O","\ufb33":"Dalet",'
            '"</script>":"Challenge"}',
            '{"1":"One","</script>":"Challenge","\u0080":"Control\u007f","ö":"O","€":"Euro","😂":"Smiley","\ufb33":"Dalet"}',
        ),
    ],
)
def test_the_test_data_of_the_rfcs_author_is_written_as_expected(given_text: str, written: str) -> None:
    assert canonical(json.loads(given_text)).decode() == written


# RFC 8785, appendix B: the bits of a double, and how it is written.
DOUBLES = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "written"), DOUBLES)
def test_a_double_is_written_as_the_rfc_writes_it(bits: str, written: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical({"n": number}).decode() == f'{{"n":{written}}}'


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_no_number_is_refused(bits: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    with pytest.raises(NotCanonical):
        canonical([number])


def test_keys_are_sorted_by_their_utf_16_units() -> None:
    # U+1F602 is written D83D DE02, which comes before FB33; by code points it would come after.
    assert canonical({"\ufb33": 1, "\U0001f602": 2, "é": 3, "z": 4}).decode() == '{"z":4,"é":3,"😂":2,"\ufb33":1}'


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
        float("nan"),
        float("inf"),
        BEYOND,
        -BEYOND,
        2**64,
        {"é": "\ud800"},
        {"é": 2**53},
        {"é": (1, 2)},
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
