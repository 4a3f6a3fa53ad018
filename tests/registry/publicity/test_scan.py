"""Banned claims are found however they are written, and honest sentences are left alone (OP-37)."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.publicity.phrases import CLAIMS, DEPARTMENT_GUIDANCE, DESIGNATION, MINISTRY_GUIDANCE
from services.registry.publicity.scan import EXCERPT, scan

HONEST = Path(__file__).with_name("honest_sentences.txt").read_text(encoding="utf-8").splitlines()

BANNED = [
    (MINISTRY_GUIDANCE, "教育部指导"),
    (MINISTRY_GUIDANCE, "教育部直接指导"),
    (MINISTRY_GUIDANCE, "教育部的指导"),
    (MINISTRY_GUIDANCE, "教育部、财政部联合指导"),
    (MINISTRY_GUIDANCE, "教育部监制"),
    (MINISTRY_GUIDANCE, "中华人民共和国教育部指导"),
    (MINISTRY_GUIDANCE, "指导单位：教育部"),
    (MINISTRY_GUIDANCE, "指导：教育部"),
    (DEPARTMENT_GUIDANCE, "职成司指导"),
    (DEPARTMENT_GUIDANCE, "职业教育与成人教育司指导"),
    (DEPARTMENT_GUIDANCE, "教育部职业教育与成人教育司指导"),
    (DEPARTMENT_GUIDANCE, "指导单位为职成司"),
    (DESIGNATION, "指定教材"),
    (DESIGNATION, "教育部指定"),
    (DESIGNATION, "国家唯一指定"),
    (DESIGNATION, "官方指定时间"),
    (MINISTRY_GUIDANCE, "guided by the Ministry of Education"),
    (MINISTRY_GUIDANCE, "guided directly by the Chinese Ministry of Education"),
    (MINISTRY_GUIDANCE, "under the guidance of the Ministry of Education of the People's Republic of China"),
    (MINISTRY_GUIDANCE, "with the guidance of China's Ministry of Education"),
    (MINISTRY_GUIDANCE, "under the Ministry of Education's guidance on skills"),
    (MINISTRY_GUIDANCE, "guided by the MOE"),
    (MINISTRY_GUIDANCE, "MOE-guided"),
    (MINISTRY_GUIDANCE, "M.O.E. guided"),
    (MINISTRY_GUIDANCE, "Guiding unit: Ministry of Education"),
    (DEPARTMENT_GUIDANCE, "guided by the Vocational Department"),
    (DEPARTMENT_GUIDANCE, "guided by the Vocational Education Department"),
    (DEPARTMENT_GUIDANCE, "guidance of the Department of Vocational and Adult Education"),
    (DEPARTMENT_GUIDANCE, "guided by the Department of Vocational Education of the Ministry of Education"),
    (DESIGNATION, "designated"),
    (DESIGNATION, "designated by the Ministry of Education"),
    (DESIGNATION, "MOE designated"),
    (DESIGNATION, "officially designated seats"),
    (DESIGNATION, "government-designated"),
    (DESIGNATION, "appointed by the Ministry of Education"),
]

FILLERS = [" ", "\u3000", "\u00a0", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\n", "\t", "\u3164"]
SEPARATORS = [*FILLERS, ".", "·", "-", "_", "/", "|", "*", "~", "、", "。", "—", "•", "☆", "\u0336", "'"]


def claims(text: str) -> set[str]:
    return {hit.claim for hit in scan(text)}


@pytest.mark.rule("OP-37")
@pytest.mark.parametrize(("claim", "phrase"), BANNED)
def test_every_banned_phrase_is_found_alone_and_in_a_sentence(claim: str, phrase: str) -> None:
    assert claim in claims(phrase)
    assert claim in claims(f"本项目：{phrase}，欢迎报名。")
    assert claim in claims(f"Our programme is {phrase} - enrol now.")


@pytest.mark.rule("OP-37")
@pytest.mark.parametrize(
    "written",
    [
        "教 育 部 指 导", "教.育.部.指.导", "教。育。部。指。导", "教\n育\n部\n指\n导", "【教育部】指导",
        "教育部★指导", "教育部——指导",
        "敎育部指導", "教\u200b育\u200b部\u200b指\u200b导", "教\u0336育\u0336部\u0336指\u0336导\u0336",
        "ＧＵＩＤＥＤ　ＢＹ　ＭＯＥ", "𝐠𝐮𝐢𝐝𝐞𝐝 𝐛𝐲 𝐌𝐎𝐄", "guіdеd bу MОE", "GUIDED by the ministry OF education",
        "g u i d e d b y M O E",
        "gúìdéd by the Ministry of Education", "guided by the Ministry-of-Education",
    ],
)  # fmt: skip
def test_a_phrase_is_found_in_other_letters(written: str) -> None:
    assert MINISTRY_GUIDANCE in claims(written)


@pytest.mark.rule("OP-37")
@pytest.mark.parametrize(
    ("traditional", "claim"),
    [
        ("教育部指導", MINISTRY_GUIDANCE),
        ("職業教育與成人教育司指導", DEPARTMENT_GUIDANCE),
        ("職成司監製", DEPARTMENT_GUIDANCE),
    ],
)
def test_traditional_characters_say_the_same(traditional: str, claim: str) -> None:
    assert claims(traditional) == {claim}


@st.composite
def spaced(draw: st.DrawFn, phrase: str) -> str:
    """The phrase with anything drawn between any two of its characters."""
    return "".join(one + "".join(draw(st.lists(st.sampled_from(FILLERS), max_size=3))) for one in phrase)


def widened(text: str) -> str:
    """Full-width forms of what has one."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


@pytest.mark.rule("OP-37")
@given(st.data(), st.sampled_from(BANNED), st.sampled_from(HONEST), st.sampled_from(HONEST))
def test_nothing_put_between_its_characters_hides_a_phrase(
    data: st.DataObject, banned: tuple[str, str], before: str, after: str
) -> None:
    claim, phrase = banned
    written = data.draw(spaced(phrase))
    written = data.draw(st.sampled_from([written, widened(written), written.upper(), written.title()]))
    text = f"{before}\n{written}\n{after}"
    begin, end = len(before), len(before) + 1 + len(written)
    assert any(hit.claim == claim and begin <= hit.start < hit.end <= end for hit in scan(text))


@pytest.mark.rule("OP-37")
@given(st.sampled_from(BANNED), st.sampled_from(SEPARATORS))
def test_no_separator_between_all_characters_hides_a_phrase(banned: tuple[str, str], separator: str) -> None:
    claim, phrase = banned
    letters = [one for one in phrase if one.isalnum() or one in ":："]
    assert claim in claims(separator.join(letters))


@pytest.mark.rule("OP-37")
@pytest.mark.parametrize("sentence", HONEST)
def test_an_honest_sentence_has_no_hit(sentence: str) -> None:
    assert scan(sentence) == []
    assert scan(unicodedata.normalize("NFD", sentence)) == []


@pytest.mark.rule("OP-37")
def test_the_honest_sentences_are_many_and_none_is_found_when_they_stand_together() -> None:
    assert len(HONEST) >= 50
    assert scan("\n".join(HONEST)) == []


@pytest.mark.rule("OP-37")
@pytest.mark.parametrize(
    "sentence",
    [
        "不得标注教育部指导。我们的课程由教育部指导。",
        "本校为指定考点",
        "The only designated test centre",
        "到教育部指定考点报名",
        "没有教育部指导就没有我们的今天",
        "不仅教育部指导，而且权威",
        "Not only guided by the Ministry of Education but loved by students.",
        "是不是教育部指导？是！教育部指导！",
        "除非教育部指定，否则不买",
        "教育部指导 意见反馈请致电",
        "在教育部指导下编写《指导意见》解读",
        "Under the Ministry of Education's guidance on skills we train teachers.",
    ],
)
def test_an_excuse_holds_only_right_beside_the_words(sentence: str) -> None:
    assert scan(sentence) != []


@pytest.mark.rule("OP-37")
@given(st.text(alphabet="教育部指导定职成司的不得。 guidedbymoe.'\u200b《》意见", max_size=60))
def test_a_hit_says_where_it_stands_in_the_original(text: str) -> None:
    for hit in scan(text):
        assert hit.claim in CLAIMS
        assert text[hit.start : hit.end] == hit.phrase
        assert hit.phrase in hit.excerpt
        assert len(hit.excerpt) <= len(hit.phrase) + 2 * EXCERPT + 2


@given(st.text(max_size=200))
def test_any_text_can_be_scanned(text: str) -> None:
    scan(text)
