"""Contexts are known by their SHA-256 or not at all."""

from pathlib import Path

import pytest

from services.certificates.credentials import contexts
from services.certificates.credentials.certificate_credential import CONTEXTS
from services.certificates.credentials.contexts import PINNED, ContextNotPinned, context, load


@pytest.mark.parametrize("address", PINNED)
def test_every_pinned_context_is_there(address: str) -> None:
    assert "@context" in context(address)
    assert load(address)["document"] == context(address)


def test_all_that_credentials_name_are_pinned() -> None:
    assert set(CONTEXTS) <= PINNED.keys()


def test_the_w3cs_is_the_one_whose_digest_the_w3c_publishes() -> None:
    # Verifiable Credentials Data Model 2.0, appendix B.1.
    assert PINNED["https://www.w3.org/ns/credentials/v2"][1] == (
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
    )


@pytest.mark.parametrize(
    "address", ["https://www.w3.org/2018/credentials/v1", "http://www.w3.org/ns/credentials/v2", ""]
)
def test_another_is_not_fetched(address: str) -> None:
    with pytest.raises(ContextNotPinned):
        load(address)


def test_a_context_that_was_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _ in PINNED.values():
        (tmp_path / name).write_text('{"@context": {}}', encoding="utf-8")
    monkeypatch.setattr(contexts, "_FOLDER", tmp_path)
    context.cache_clear()
    try:
        for address in PINNED:
            with pytest.raises(ValueError, match="not the context"):
                context(address)
    finally:
        context.cache_clear()
