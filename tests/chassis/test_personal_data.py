"""Personal data: sealed for a purpose, found by blind index, masked whenever it is shown."""

import hmac
import os
import uuid
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onex.chassis.pii import NONCE_BYTES, SealBroken, Vault, fold, mask_name, mask_number

OLD, NEW, INDEX, LEARNER = (os.urandom(32) for _ in range(4))
VAULT = Vault({"old": OLD}, INDEX, LEARNER)
ROTATED = Vault({"old": OLD, "new": NEW}, INDEX, LEARNER)


@given(st.binary(max_size=200))
def test_what_was_sealed_is_opened_again(plain: bytes) -> None:
    assert VAULT.open(VAULT.seal(plain, "note"), "note") == plain


def test_the_same_text_is_never_sealed_the_same_twice_and_shows_nothing() -> None:
    first, second = VAULT.seal(b"secret", "note"), VAULT.seal(b"secret", "note")
    assert first != second
    assert "secret" not in first


def test_a_sealed_text_cannot_be_moved_to_another_purpose() -> None:
    with pytest.raises(SealBroken):
        VAULT.open(VAULT.seal(b"secret", "note"), "person")


@pytest.mark.parametrize("where", [0, 5, 20, -1])
def test_an_altered_text_is_not_opened_and_the_error_shows_none_of_it(where: int) -> None:
    sealed = list(VAULT.seal(b"secret", "note"))
    sealed[where] = "A" if sealed[where] != "A" else "B"
    with pytest.raises(SealBroken, match=r"^sealed note cannot be opened$"):
        VAULT.open("".join(sealed), "note")


@pytest.mark.parametrize("text", ["", "old", "old:", "old:####", ":", "unknown:AAAA"])
def test_what_is_not_a_sealed_text_is_refused(text: str) -> None:
    with pytest.raises(SealBroken):
        VAULT.open(text, "note")


def test_keys_rotate_the_newest_seals_and_the_old_ones_still_open() -> None:
    before = VAULT.seal(b"secret", "note")
    after = ROTATED.seal(b"secret", "note")
    assert after.startswith("new:")
    assert ROTATED.open(before, "note") == ROTATED.open(after, "note") == b"secret"
    with pytest.raises(SealBroken):
        VAULT.open(after, "note")


def test_a_person_is_sealed_whole() -> None:
    sealed = VAULT.seal_person("张三", "RIC", "11010519491231002X")
    assert VAULT.open_person(sealed) == {
        "name": "张三",
        "document_type": "RIC",
        "document_number": "11010519491231002X",
    }
    assert "11010519491231002X" not in sealed


def test_the_blind_index_finds_what_people_spell_differently_and_only_for_its_purpose() -> None:
    assert VAULT.blind_index("11010519491231002x", "number") == VAULT.blind_index(
        " １１０１０５19491231002X ", "number"
    )
    assert VAULT.blind_index("张三", "name") != VAULT.blind_index("张三", "number")
    assert VAULT.blind_index("张三", "name") != Vault({"old": OLD}, NEW, LEARNER).blind_index("张三", "name")


def test_the_learner_id_is_the_same_wherever_the_document_is_given_and_whichever_key_seals() -> None:
    first = VAULT.learner_id("RIC", "11010519491231002X")
    assert first == ROTATED.learner_id("RIC", "11010519491231002x ")
    assert first != VAULT.learner_id("PASSPORT", "11010519491231002X")
    assert first != Vault({"old": OLD}, INDEX, NEW).learner_id("RIC", "11010519491231002X")
    assert (first.version, first.variant) == (8, uuid.RFC_4122)


def test_the_learner_id_never_changes_between_versions_of_the_platform() -> None:
    fixed = Vault({"k": bytes(32)}, bytes(32), bytes(range(32)))
    assert str(fixed.learner_id("RIC", "11010519491231002X")) == "33c99e47-9f4d-84c2-863a-9f50f7e810f5"


@given(st.lists(st.text(max_size=30), max_size=8))
def test_many_at_once_get_what_each_gets_alone(texts: list[str]) -> None:
    assert VAULT.blind_indexes(texts, "name") == [VAULT.blind_index(one, "name") for one in texts]
    assert VAULT.learner_ids("RIC", texts) == [VAULT.learner_id("RIC", one).bytes for one in texts]
    people = [(one, one[::-1]) for one in texts]
    assert [VAULT.open_person(one) for one in VAULT.seal_people(people, "RIC")] == [
        {"name": name, "document_type": "RIC", "document_number": number} for name, number in people
    ]


def test_each_of_many_is_sealed_with_a_nonce_of_its_own() -> None:
    sealed = VAULT.seal_each([b"secret"] * 1_000, "note")
    nonces = {b64decode(one.partition(":")[2])[:NONCE_BYTES] for one in sealed}
    assert len(nonces) == 1_000
    assert {VAULT.open(one, "note") for one in sealed} == {b"secret"}


@given(st.text(max_size=40))
def test_the_blind_index_is_the_hmac_sha_256_of_rfc_2104(text: str) -> None:
    assert VAULT.blind_index(text, "name") == hmac.digest(INDEX, b"name\0" + fold(text).encode(), "sha256")


@given(st.text(max_size=40) | st.text(alphabet=st.characters(categories=("L", "N")), max_size=6))
def test_what_needs_little_folding_is_folded_like_the_rest(text: str) -> None:
    assert fold(text) == fold(f" {text}") == fold(f"{text}\t")


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("欧阳娜娜", "欧**娜"), ("李", "*"), ("", "*"), ("买买提 江", "买**江"), ("阿卜杜", "阿*杜")],
)
def test_a_masked_name_lets_its_bearer_recognise_it(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("11010519491231002X", "110*************2X"), ("E12345678", "E12****78"), ("12345", "*****"), ("", "")],
)
def test_a_masked_number_keeps_its_first_three_and_last_two(number: str, masked: str) -> None:
    assert mask_number(number) == masked


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
