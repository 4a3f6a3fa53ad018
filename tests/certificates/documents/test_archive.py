"""An archive that is written piece by piece is one that anybody can open."""

import io
import zipfile
from datetime import date

import pytest

from services.certificates.documents.archive import Entry, pieces

DAY = date(2026, 3, 2)


@pytest.mark.parametrize("contents", [[], [b""], [b"a"], [b"x" * 70_000, b"", b"y" * 9]])
def test_what_goes_in_comes_out(contents: list[bytes]) -> None:
    entries = [Entry(f"证书 {at}.pdf", DAY, content) for at, content in enumerate(contents)]
    archive = b"".join(pieces(iter(entries)))
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        assert [(one.filename, opened.read(one)) for one in opened.infolist()] == [(e.name, e.content) for e in entries]
        assert all(one.date_time == (2026, 3, 2, 0, 0, 0) for one in opened.infolist())
        # Sizes stand before the content: an archive that says them behind it is refused by some that read it as it comes.
        assert all(one.flag_bits & 0x08 == 0 for one in opened.infolist())
    assert b"".join(pieces(iter(entries))) == archive


def test_an_entry_is_sent_before_the_next_one_is_asked_for() -> None:
    asked: list[int] = []

    def slowly() -> object:
        for at in range(3):
            asked.append(at)
            yield Entry(f"{at}.pdf", DAY, bytes(1000))

    found = pieces(slowly())  # type: ignore[arg-type]
    for at in range(3):
        assert len(next(found)) > 1000
        assert asked == list(range(at + 1))
    assert next(found).startswith(b"PK\x01\x02")
