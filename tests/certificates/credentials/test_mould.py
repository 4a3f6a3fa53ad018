"""A mould gives what building and signing one credential by itself gives, and nothing of one credential is in the next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.certificates.credentials import keys
from services.certificates.credentials.canonical import canonical
from services.certificates.credentials.certificate_credential import achievement, certificate_credential, issuer
from services.certificates.credentials.holder import holder_matches
from services.certificates.credentials.mould import Mould
from services.certificates.credentials.signing import Signer, verify
from services.certificates.standing.entries import credential_status
from services.certificates.standing.positions import Position

MOMENT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
SECRET = bytes(range(32))
SIGNER = Signer(SECRET, "did:web:onex.example:teos:1#key")
PUBLIC = keys.public_multibase(keys.public_of(SECRET))
HOME = "https://onex.example"
PLACE = Position(3, 77)
EVIDENCE = [{"type": ["Evidence"], "name": "Entered from paper", "narrative": "按纸质证书录入"}]
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def of(
    name: str = "北京某评价组织", type_name: str = "网络运维 Network Operations"
) -> tuple[dict[str, Any], dict[str, Any]]:
    achieved = achievement(
        url="https://onex.example/types#004", type_name=type_name, type_serial="004", level=2, criteria="Passed."
    )
    return issuer("did:web:onex.example:teos:1", name), achieved


def signed_by_itself(
    shared: tuple[dict[str, Any], dict[str, Any]], made: dict[str, Any], name: str, **more: Any
) -> dict[str, Any]:
    """What the plain way makes, with the salt of what the mould made."""
    unsigned = certificate_credential(
        url=made["id"],
        issuer=shared[0],
        achievement=shared[1],
        holder_name=name,
        salt=made["credentialSubject"]["identifier"][0]["salt"],
        issued_at=MOMENT,
        status=credential_status(HOME, PLACE)[0],
        **more,
    )
    return SIGNER.sign(unsigned, MOMENT + timedelta(hours=1))


@given(texts, texts, texts.filter(str.strip), texts)
@settings(max_examples=200)
def test_a_mould_gives_what_building_and_signing_gives(teo: str, type_name: str, name: str, url: str) -> None:
    shared = of(teo, type_name)
    created = MOMENT + timedelta(hours=1)
    mould = Mould(SIGNER, *shared, public_url=HOME)
    text = mould.credential(url=url, holder_name=name, issued_at=MOMENT, created=created, status=PLACE)
    made = orjson.loads(text)
    assert made == signed_by_itself(shared, made, name)
    assert text == canonical(made)
    verify(made, PUBLIC)


@given(texts, texts.filter(str.strip))
def test_a_certificate_from_elsewhere_has_its_papers_number_and_the_evidence(number: str, name: str) -> None:
    shared, created = of(), MOMENT + timedelta(hours=1)
    mould = Mould(SIGNER, *shared, public_url=HOME, evidence=EVIDENCE)
    text = mould.credential(
        url="urn:1", holder_name=name, issued_at=MOMENT, created=created, status=PLACE, license_number=number
    )
    made = orjson.loads(text)
    assert made == signed_by_itself(shared, made, name, license_number=number, evidence=EVIDENCE)
    assert text == canonical(made)
    verify(made, PUBLIC)


def test_each_credential_has_its_own_holder_salt_and_proof() -> None:
    mould = Mould(SIGNER, *of(), public_url=HOME)
    names = ["张三", "张三", '欧阳"\\娜娜']
    made = [
        orjson.loads(
            mould.credential(
                url=f"urn:{at}", holder_name=name, issued_at=MOMENT, created=MOMENT, status=Position(at, 100 + at)
            )
        )
        for at, name in enumerate(names)
    ]
    for at, (one, name) in enumerate(zip(made, names, strict=True)):
        verify(one, PUBLIC)
        assert one["id"] == f"urn:{at}"
        assert holder_matches(one, name)
        assert one["credentialStatus"] == credential_status(HOME, Position(at, 100 + at))[0]
    assert len({one["credentialSubject"]["identifier"][0]["salt"] for one in made}) == len(names)
    assert len({one["proof"]["proofValue"] for one in made}) == len(names)


def test_what_building_refuses_a_mould_refuses() -> None:
    mould = Mould(SIGNER, *of(), public_url=HOME)
    naive = datetime(2026, 3, 2)
    for issued_at, created, name, why in [
        (naive, MOMENT, "张三", "time zone"),
        (MOMENT, naive, "张三", "time zone"),
        (MOMENT, MOMENT, " ", "name"),
    ]:
        with pytest.raises(ValueError, match=why):
            mould.credential(url="urn:1", holder_name=name, issued_at=issued_at, created=created, status=PLACE)
