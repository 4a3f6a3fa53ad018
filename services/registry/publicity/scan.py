"""Finds the claims that publicity may not make without authorization (OP-37), however they are written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.registry.publicity import honest, phrases
from services.registry.publicity.folding import SENTENCE_ENDS, Folded, Gap, fold

EXCERPT = 24
"""Characters of the original shown on either side of a hit."""
_BEFORE = 120
Match = re.Match[str]


@dataclass(frozen=True)
class Hit:
    """A banned claim: which, in what words, where in the original (characters, `end` not included), and among what."""

    claim: str
    phrase: str
    start: int
    end: int
    excerpt: str


def scan(text: str) -> list[Hit]:
    """OP-37: every banned claim in the text, in the order in which they stand there."""
    folded = fold(text)
    hits: list[Hit] = []
    forbidden_to = -1  # where the last phrase ended that a ban names; "A", "B" and "C" may follow one another
    judged_to: dict[str, int] = {}
    for match, claim, excused in sorted(_matches(folded), key=lambda one: (one[0].start(), -one[0].end())):
        if match.end() <= judged_to.get(claim, 0):
            continue  # part of a longer phrase, which has been judged
        judged_to[claim] = match.end()
        if _is_forbidden(folded, match.start(), forbidden_to):
            forbidden_to = match.end()
        elif not excused:
            hits.append(_hit(folded, match, claim))
    return hits


def _matches(folded: Folded) -> Iterator[tuple[Match, str, bool]]:
    """Every phrase that is there, with its claim and whether it is honest where it stands."""
    for pattern, is_honest in _GUIDANCE:
        for match in _found(folded, pattern):
            department = phrases.DEPARTMENT.search(match[0])
            claim = phrases.DEPARTMENT_GUIDANCE if department else phrases.MINISTRY_GUIDANCE
            yield match, claim, _denied(folded, match) or is_honest(folded, match)
    for pattern, is_honest in _DESIGNATION:
        for match in _found(folded, pattern):
            yield match, phrases.DESIGNATION, _denied(folded, match) or is_honest(folded, match)


def _found(folded: Folded, pattern: re.Pattern[str]) -> Iterator[Match]:
    for match in pattern.finditer(folded.letters):
        if not _is_one_phrase(folded, match) or not _stands_alone(folded, match) or _another_ministry(folded, match):
            continue
        if "noun" not in pattern.groupindex or _is_a_label(folded, match):
            yield match


def _is_one_phrase(folded: Folded, match: Match) -> bool:
    """Whether no sentence ends between its words; one whose very words are full of dots is spaced out with dots."""
    within = range(match.start() + 1, match.end())
    joints = {edge for name in match.groupdict() for edge in match.span(name)} & set(within)
    if all(folded.gaps[k] < Gap.SENTENCE_END for k in joints):
        return True
    return any(SENTENCE_ENDS & set(folded.between(k)) for k in within if k not in joints)


def _stands_alone(folded: Folded, match: Match) -> bool:
    """Whether an English phrase begins and ends where words do: not "misguided by", not "Moerdijk"."""
    letters, start, end = folded.letters, match.start(), match.end()
    glued_before = start > 0 and _latin(letters[start]) and _latin(letters[start - 1]) and not folded.gaps[start]
    if glued_before and letters[:start].endswith(("mis", "un", "non", "pre")):
        return False
    who = match.groupdict().get("who") or ""
    if glued_before and letters.startswith("moe", start):
        return False
    glued_after = end < len(letters) and _latin(letters[end]) and not folded.gaps[end]
    return not (glued_after and who.endswith("moe") and match.end("who") == end)


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _another_ministry(folded: Folded, match: Match) -> bool:
    who = match.groupdict().get("who")
    return who == "教育部" and _preceded(folded, match.start("who"), honest.ANOTHER_MINISTRY, Gap.NONE)


def _is_a_label(folded: Folded, match: Match) -> bool:
    """Whether a label names who guides: 指导单位：教育部. Without a noun for the guide it takes a colon to make one."""
    return bool(match["noun"]) or any(colon in folded.between(match.end("what")) for colon in ":：︰")


def _followed(folded: Folded, k: int, words: re.Pattern[str], most: Gap) -> bool:
    """Whether the words stand at letter k, with nothing above `most` before each of their letters."""
    match = words.match(folded.letters, k)
    return match is not None and all(gap <= most for gap in folded.gaps[k : match.end()])


def _preceded(folded: Folded, k: int, words: re.Pattern[str], most: Gap) -> bool:
    """Whether the words stand right before letter k, with nothing above `most` in between."""
    first = max(0, k - _BEFORE)
    match = words.search(folded.letters[first:k])
    return match is not None and all(gap <= most for gap in folded.gaps[first + match.start() + 1 : k + 1])


def _denied(folded: Folded, match: Match) -> bool:
    return _preceded(folded, match.start(), honest.DENIED, Gap.LINE)


def _is_forbidden(folded: Folded, start: int, forbidden_to: int) -> bool:
    """Whether a ban names the phrase: 不得标注“教育部指导”“指定”等字样."""
    if _preceded(folded, start, honest.FORBIDDEN, Gap.OTHER):
        return True
    if not 0 <= forbidden_to <= start:
        return False
    joined = honest.ANOTHER_AFTER.fullmatch(folded.letters, forbidden_to, start)
    return joined is not None and all(
        Gap.NONE < gap < Gap.SENTENCE_END for gap in folded.gaps[forbidden_to : start + 1]
    )


def _guided_zh(folded: Folded, match: Match) -> bool:
    return match["what"] == "指导" and _followed(folded, match.end(), honest.AFTER_GUIDE_ZH, Gap.NONE)


def _guidance_of(folded: Folded, match: Match) -> bool:
    return _preceded(folded, match.start(), honest.COMPLIES, Gap.LINE)


def _who_guidance(folded: Folded, match: Match) -> bool:
    if _preceded(folded, match.start(), honest.BADGE, Gap.OTHER):
        return False
    document = _followed(folded, match.end(), honest.AFTER_GUIDANCE_EN, Gap.SPACE)
    return document or _preceded(folded, match.start(), honest.COMPLIES, Gap.LINE)


def _designated_zh(folded: Folded, match: Match) -> bool:
    everyday = _followed(folded, match.end(), honest.AFTER_DESIGNATED_ZH, Gap.NONE)
    way = _preceded(folded, match.start(), honest.WAY_THERE_ZH, Gap.NONE)
    there = way and _followed(folded, match.end(), honest.PLACE_ZH, Gap.NONE)
    return everyday or there or _preceded(folded, match.start(), honest.BEFORE_DESIGNATED_ZH, Gap.NONE)


def _designated_en(folded: Folded, match: Match) -> bool:
    everyday = _followed(folded, match.end(), honest.AFTER_DESIGNATED_EN, Gap.SPACE)
    way = _preceded(folded, match.start(), honest.WAY_THERE_EN, Gap.LINE)
    there = way and _followed(folded, match.end(), honest.PLACE_EN, Gap.SPACE)
    return everyday or there or _preceded(folded, match.start(), honest.BEFORE_DESIGNATED_EN, Gap.LINE)


def _never(folded: Folded, match: Match) -> bool:
    return False


Excuse = Callable[[Folded, Match], bool]
_GUIDANCE: tuple[tuple[re.Pattern[str], Excuse], ...] = (
    (phrases.GUIDED_ZH, _guided_zh),
    (phrases.GUIDE_NAMED_ZH, _never),
    (phrases.GUIDED_EN, _never),
    (phrases.GUIDANCE_OF_EN, _guidance_of),
    (phrases.WHO_GUIDED_EN, _never),
    (phrases.WHO_GUIDANCE_EN, _who_guidance),
    (phrases.GUIDE_NAMED_EN, _never),
)
_DESIGNATION: tuple[tuple[re.Pattern[str], Excuse], ...] = (
    (phrases.DESIGNATED_BY_ZH, _never),
    (phrases.DESIGNATED_BY_EN, _never),
    (phrases.WHO_DESIGNATED_EN, _never),
    (phrases.DESIGNATED_ZH, _designated_zh),
    (phrases.DESIGNATED_EN, _designated_en),
)


def _hit(folded: Folded, match: Match, claim: str) -> Hit:
    start, end = folded.starts[match.start()], folded.starts[match.end() - 1] + 1
    first, last = max(0, start - EXCERPT), min(len(folded.original), end + EXCERPT)
    shown = folded.original[first:last]
    excerpt = ("…" if first else "") + shown + ("…" if last < len(folded.original) else "")
    return Hit(claim, folded.original[start:end], start, end, excerpt)
