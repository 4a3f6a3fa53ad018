"""One spelling for what publicity writes in many: full-width, spaced out, accented, traditional, look-alike letters.

Only letters, ideographs and digits are left, each with its place in the original; of what stood between two of them only the
kind is kept. So no space, dot, dash or invisible character inside a phrase hides it, and a hit can be shown where it stands.
"""

import unicodedata
from dataclasses import dataclass
from enum import IntEnum


class Gap(IntEnum):
    """What stands before a letter, from nothing at all to the end of a sentence."""

    NONE = 0
    INVISIBLE = 1
    MARKS = 2
    """Quotation marks, title marks, brackets."""
    SPACE = 3
    LINE = 4
    """The end of a line."""
    OTHER = 5
    SENTENCE_END = 6


@dataclass(frozen=True)
class Folded:
    """`letters[k]` is made of `original[starts[k]]`; `gaps[k]` stands before it, `gaps[-1]` after the last."""

    original: str
    letters: str
    starts: tuple[int, ...]
    gaps: tuple[Gap, ...]

    def between(self, k: int) -> str:
        """What the original has between letter k - 1 and letter k, where both exist."""
        return self.original[self.starts[k - 1] + 1 : self.starts[k]]


_DOTS = frozenset(".．")
SENTENCE_ENDS = frozenset("。！？!?；;｡") | _DOTS
_MARKS = frozenset("\"'“”‘’«»‹›《》〈〉「」『』()（）[]【】〔〕")
# Letters to Unicode, blank to the eye: the fillers of Hangul, also in half width.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_LOOK_ALIKE = str.maketrans("аеорсухіѕԁмтոεοαιντμıɡᴍᴏᴇ", "aeopcyxisdmtneoaivtmigmoe")
# The traditional and variant forms of the characters in the phrases and in the words that stand around them.
_SIMPLIFIED = str.maketrans(
    "敎敎導職業與監製單門機構為爲關見國華聯發財負責權認準獨進給託統籌處經標註禁據識學點時間區場號網頁賬帳戶專聯絡員購買採產臺設備還屬於會書錄綱則針項",
    "教教导职业与监制单门机构为为关见国华联发财负责权认准独进给托统筹处经标注禁据识学点时间区场号网页账账户专联络员购买采产台设备还属于会书录纲则针项",
)


def fold(text: str) -> Folded:
    """The text's letters in one spelling: NFKD without its accents, case folded, simplified."""
    letters: list[str] = []
    starts: list[int] = []
    gaps: list[Gap] = []
    gap = Gap.NONE
    for place, written in enumerate(text):
        kept, between = _parts(written)
        for letter in kept:
            letters.append(letter)
            starts.append(place)
            gaps.append(gap)
            gap = Gap.NONE
        if not kept:
            if written in _DOTS and not _ends_a_sentence(text, place):
                between = Gap.OTHER
            gap = max(gap, between)
    return Folded(text, "".join(letters), tuple(starts), (*gaps, gap))


def _parts(written: str) -> tuple[str, Gap]:
    """The letters that one written character stands for, and what gap it makes where it stands for none."""
    if written.isascii():
        if written.isalnum():
            return written.lower(), Gap.NONE
        return "", _gap_of(written)
    if written in _BLANK_LETTERS:
        return "", Gap.INVISIBLE
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", written).casefold())
    kept = "".join(one for one in plain if _is_letter(one)).translate(_LOOK_ALIKE).translate(_SIMPLIFIED)
    return kept, max((_gap_of(one) for one in plain), default=Gap.INVISIBLE)


def _is_letter(one: str) -> bool:
    category = unicodedata.category(one)  # Lm: the long-vowel mark and its like, which are drawn as dashes
    return category[0] in "LN" and category != "Lm" and one not in _BLANK_LETTERS


def _gap_of(one: str) -> Gap:
    category = unicodedata.category(one)
    if one in SENTENCE_ENDS:
        return Gap.SENTENCE_END
    if one in _MARKS:
        return Gap.MARKS
    if category in ("Cf", "Mn", "Me") or one in _BLANK_LETTERS:
        return Gap.INVISIBLE
    if one in "\n\r\v\f\x85\u2028\u2029":
        return Gap.LINE
    return Gap.SPACE if one.isspace() else Gap.OTHER


def _ends_a_sentence(text: str, dot: int) -> bool:
    return dot + 1 == len(text) or text[dot + 1].isspace()
