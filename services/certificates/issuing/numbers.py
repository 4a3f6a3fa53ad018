"""Certificate numbers: 20 characters that cannot be guessed and that catch a slip of the pen.

    26      004          2      7Q3MZ0K8RT5XB            9
    year    type serial  level  13 random (65 bits)      check character

All characters are of the 32 of Crockford's alphabet, which leaves out I, L, O and U: a reader who takes a 0 for an O
or a 1 for an I has still read the right number.

How hard to guess, how likely to collide: two conditions below throw about one draw in seven away, so 64.8 of 65 bits
remain. With 100 million numbers of one year, one type and one level (far beyond what will ever be issued), a guess hits
with a chance of 10**8 / 2**64.8, 1 in 320 thousand million, and the chance that any two of them are equal is about
(10**8)**2 / 2 / 2**64.8 = 0.00016. The unique key of the table turns even that into a second draw.
"""

import os
import re
import unicodedata

LENGTH = 20
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LEVELS = (1, 2, 3)

_PREFIX_LENGTH = 6
_RANDOM_LENGTH = 13
_SHAPE = re.compile(rf"[0-9]{{2}}[{ALPHABET}]{{3}}[1-3][{ALPHABET}]{{14}}")
_TYPE_SERIAL = re.compile(rf"[{ALPHABET}]{{3}}")
_MISREAD = str.maketrans("OIL", "011")
# What `clean` does to a text of ASCII alone, in one step: capital letters, what was misread, and no separators.
_ASCII = str.maketrans({chr(code): chr(code).upper().translate(_MISREAD) for code in range(128)}) | dict.fromkeys(
    map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x1f -")
)
_SEPARATORS = re.compile(r"[\s\-\u00ad\u200b-\u200d\u2010-\u2015\u2212\ufeff]+")

# ISO 7064 MOD 37,36 as a table: from a state, a character leads to the next state. A number is right when it ends in 1.
_VALUE = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_START, _RIGHT = 18, 1
_NEXT = [{c: (((state or 36) * 2) % 37 + value) % 36 for c, value in _VALUE.items()} for state in range(36)]
_CHECK = [
    {_NEXT[state][c]: c for c in ALPHABET}.get(_RIGHT)  # None: the check character would be I, L, O or U
    for state in range(36)
]

# From each state there is one pair of neighbours whose exchange MOD 37,36 does not see. Numbers with such a pair are
# neither drawn nor accepted, so every exchange of two neighbours is caught after all. By state: what not to follow what.
_BLIND = [
    {a: b for a in ALPHABET for b in ALPHABET if a != b and _NEXT[step[a]][b] == _NEXT[step[b]][a]} for step in _NEXT
]
# By state and five random bits: the character they are, the state it leads to, what may not follow it.
_STEPS = [[(c, _NEXT[state][c], _BLIND[state].get(c)) for c in ALPHABET] for state in range(36)]


def draw(year: int, type_serial: str, level: int) -> str:
    """A new number for a certificate issued in `year` (2000 to 2099) of the type `type_serial` (three characters, as in
    "004") at `level` (1 primary, 2 intermediate, 3 advanced: PP-10). Raises ValueError for anything else."""
    return draw_many(1, year, type_serial, level)[0]


def draw_many(count: int, year: int, type_serial: str, level: int) -> list[str]:
    """`count` new numbers, as `draw` gives them, with one call for randomness (rarely two)."""
    if count < 0:
        raise ValueError(f"cannot draw {count} numbers")
    prefix = _prefix(year, type_serial, level)
    before_last = _walk(_START, prefix[:-1])
    numbers: list[str] = []
    while (missing := count - len(numbers)) > 0:
        # One draw in seven is thrown away; a quarter more, and some for luck, makes a second call rare.
        lots = missing + missing // 4 + 8
        pool = os.urandom(lots * _RANDOM_LENGTH)  # the source of `secrets`; of each byte five bits are used
        for at in range(0, len(pool), _RANDOM_LENGTH):
            tail = _tail(before_last, prefix[-1], pool[at : at + _RANDOM_LENGTH])
            if tail is not None:
                numbers.append(prefix + tail)
    return numbers[:count]


def is_valid(number: str) -> bool:
    """Whether `number`, already cleaned, has the shape and the check character of a certificate number.

    Every wrong character is caught (ISO 7064 MOD 37,36), and every exchange of two neighbours, but for the exchange of
    two characters of year, type serial and level in about one type in seventy. It may still never have been issued.
    """
    if not _SHAPE.fullmatch(number):
        return False
    # A blind pair inside the prefix is not the draw's doing: the type's serial is given.
    at = _PREFIX_LENGTH - 1
    state = _walk(_START, number[:at])
    for character, following in zip(number[at:-1], number[at + 1 :], strict=True):
        if _BLIND[state].get(character) == following:
            return False
        state = _NEXT[state][character]
    return _NEXT[state][number[-1]] == _RIGHT


def clean(text: str) -> str:
    """What a person typed or a scanner read, as the number they meant: capital letters, no spaces or hyphens,
    full-width characters made plain (NFKC), O read as 0, I and L as 1. Never raises; `is_valid` judges the result."""
    if text.isascii():
        return text.translate(_ASCII)
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return plain.upper().translate(_MISREAD)


def grouped(number: str) -> str:
    """The number in groups of four, for print: `2600-42F4-…`"""
    return "-".join(number[at : at + 4] for at in range(0, len(number), 4))


def _prefix(year: int, type_serial: str, level: int) -> str:
    if not 2000 <= year <= 2099:
        raise ValueError(f"a certificate number has room for the years 2000 to 2099, not {year}")
    if not _TYPE_SERIAL.fullmatch(type_serial):
        raise ValueError(f"a type serial is three of {ALPHABET}, not {type_serial!r}")
    if level not in LEVELS:
        raise ValueError(f"a level is 1, 2 or 3, not {level!r}")
    return f"{year % 100:02d}{type_serial}{level:d}"


def _walk(state: int, text: str) -> int:
    for character in text:
        state = _NEXT[state][character]
    return state


def _tail(before: int, last: str, lot: bytes) -> str | None:
    """13 random characters and their check character, or None where the draw has to be thrown away.

    `last` is the prefix's last character and `before` the state before it, so that the pair it makes with the first
    random character is looked at too.
    """
    state, barred = _NEXT[before][last], _BLIND[before].get(last)
    characters = []
    for byte in lot:
        character, following, bars = _STEPS[state][byte & 31]
        if character == barred:
            return None
        characters.append(character)
        state, barred = following, bars
    check = _CHECK[state]
    if check is None or check == barred:
        return None
    return "".join(characters) + check
