"""Who knows the holder's name can check it, however it is typed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.credentials.holder import folded, holder_matches, identity, new_salt


def issued_to(name: str, salt: str = "5a17") -> dict[str, Any]:
    return {"credentialSubject": {"type": ["AchievementSubject"], "identifier": [identity(name, salt)]}}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张三", "张三"),
        ("张三", " 张　三 "),
        ("张三", "张\t三\n"),
        ("阿卜杜热依木·买买提", "阿卜杜热依木•买买提"),
        ("阿卜杜热依木·买买提", "阿卜杜热依木・买买提"),
        ("阿卜杜热依木·买买提", "阿卜杜热依木 · 买买提"),
        ("Li Ming", "Ｌｉ　Ｍｉｎｇ"),
        ("Li Ming", "  Li \u00a0 Ming"),
        ("Nguyễn", "Nguye\u0302\u0303n"),
        ("𠮷田", "𠮷 田"),
    ],
)
def test_a_name_typed_another_way_is_the_same_name(name: str, typed: str) -> None:
    assert holder_matches(issued_to(name), typed)
    assert holder_matches(issued_to(typed), name)


@pytest.mark.parametrize("typed", ["", "张", "张三丰", "三张", "张四", "Zhang San", "\ud800"])
def test_another_name_is_another_name(typed: str) -> None:
    assert not holder_matches(issued_to("张三"), typed)


def test_the_words_of_a_latin_name_stay_apart() -> None:
    assert not holder_matches(issued_to("Li Ming"), "LiMing")


@given(st.text(min_size=1, max_size=20).filter(folded))
def test_a_name_is_always_its_own(name: str) -> None:
    assert holder_matches(issued_to(name), name)
    assert holder_matches(issued_to(name), f"  {name} ")


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert folded(folded(name)) == folded(name)


def test_equal_names_do_not_look_alike() -> None:
    salts = {new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert len({identity("张三", salt)["identityHash"] for salt in salts}) == 100


def test_a_name_without_a_salt_is_not_hashed() -> None:
    with pytest.raises(ValueError):
        identity("张三", "")


GOOD = identity("张三", "5a17")


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"credentialSubject": None},
        {"credentialSubject": []},
        {"credentialSubject": {"identifier": GOOD}},
        {"credentialSubject": {"identifier": [None, "张三", 1]}},
        {"credentialSubject": {"identifier": [GOOD | {"hashed": False}]}},
        {"credentialSubject": {"identifier": [GOOD | {"hashed": 1}]}},
        {"credentialSubject": {"identifier": [GOOD | {"identityType": "emailAddress"}]}},
        {"credentialSubject": {"identifier": [GOOD | {"salt": None}]}},
        {"credentialSubject": {"identifier": [GOOD | {"salt": "5a18"}]}},
        {"credentialSubject": {"identifier": [GOOD | {"identityHash": "张三"}]}},
        {"credentialSubject": {"identifier": [GOOD | {"identityHash": "\ud800"}]}},
        {"credentialSubject": {"identifier": [GOOD | {"identityHash": GOOD["identityHash"].removeprefix("sha256$")}]}},
    ],
)
def test_a_credential_that_names_nobody_this_way_matches_nobody(credential: dict[str, Any]) -> None:
    assert not holder_matches(credential, "张三")


def test_one_of_several_identifiers_is_enough() -> None:
    assert holder_matches({"credentialSubject": {"identifier": [identity("李四", "0"), GOOD]}}, "张三")
