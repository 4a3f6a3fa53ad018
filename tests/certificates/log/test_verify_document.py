"""`onex verify` takes a certificate's PDF for the files that are in it, and for nothing that is printed on it."""

import zlib
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from onex.chassis.access import Role
from onex.cli.attachments import MOST_BYTES, files_in
from onex.cli.main import app
from tests.certificates.given import Pilot
from tests.certificates.log import forging
from tests.certificates.log.test_log import API, issue, rows, sequence
from tests.certificates.log.test_verify import bundle_of


def verified(*words: str | Path) -> tuple[int, str]:
    done = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["verify", *map(str, words)], catch_exceptions=False)
    return done.exit_code, done.output


def pdf_with(*files: bytes, packed: bool = False) -> bytes:
    """As much of a PDF as is looked at."""
    parts = [b"%PDF-1.7\n"]
    for at, content in enumerate(files):
        filtered = b"/Filter/FlateDecode" if packed else b""
        content = zlib.compress(content) if packed else content
        kind = b"/Type/EmbeddedFile/Subtype/application#2Fvc" + filtered
        params = b"/Params<</Size %d/ModDate(D:20260302000000Z)>>" % len(content)
        parts.append(
            b"%d 0 obj\n<</Length %d%s%s>>\nstream\n%s\nendstream\nendobj\n" % (at, len(content), kind, params, content)
        )
    return b"".join(parts)


@pytest.mark.rule("OP-32", "PP-45")
def test_a_certificates_pdf_holds_what_it_is_verified_with(pilot: Pilot, tmp_path: Path) -> None:
    issue(pilot, 3)
    sequence(pilot)
    ((number,), *_) = rows(pilot, "SELECT number FROM certificate ORDER BY number")
    answer = pilot.certificates.call("GET", f"{API}/certificates/{number}/document.pdf", role=Role.OPERATOR, expect=200)
    pdf, bundle = tmp_path / "certificate.pdf", bundle_of(pilot, number)
    pdf.write_bytes(answer.get_data())
    for at, one in enumerate([*bundle["issuers"], *bundle["statusLists"]]):
        (tmp_path / f"{at}.json").write_bytes(orjson.dumps(one))
    rest = [tmp_path / f"{at}.json" for at in range(4)]
    code, said = verified("--log-key", bundle["log"]["keys"][0], "--name", "张三", pdf, *rest)
    assert code == 0, said
    assert "What is printed on the document was not read" in said
    assert bundle["credential"]["name"] in said
    code, said = verified("--partial", "--log-key", bundle["log"]["keys"][0], pdf)
    assert (code, said.count("✓"), said.count("Not checked.")) == (0, 1, 2), said
    assert verified(pdf)[0] == 1, "alone it does not prove enough"


@pytest.mark.parametrize("packed", [False, True])
def test_a_bundle_in_a_pdf_is_as_good_as_one_beside_it(tmp_path: Path, packed: bool) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(pdf_with(b"\xff not text", orjson.dumps(forging.bundle()), packed=packed))
    code, said = verified("--log-key", forging.vkey(), file)
    assert code == 0, said
    wrong = forging.bundle()
    wrong["credential"]["name"] = "another"
    file.write_bytes(pdf_with(orjson.dumps(wrong), packed=packed))
    assert verified("--log-key", forging.vkey(), file)[0] == 1


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-", b"%PDF-1.7\n%%EOF\n", pdf_with(b"\xff"), pdf_with(b"hello"), pdf_with(b"{}"),
        pdf_with(orjson.dumps(forging.bundle()))[:-900], pdf_with(b"x").replace(b"Length 1/", b"Length 999999999/"),
        pdf_with(bytes(9 * MOST_BYTES), packed=True), b"%PDF-" + b"<<" * 1_000_000, b"%PDF-" + b"<</Type" * 500_000,
        pdf_with(orjson.dumps(forging.bundle()), packed=True).replace(b"stream\n", b"stream\nx"),
        pdf_with(orjson.dumps(forging.bundle())).replace(b"EmbeddedFile", b"XObject"),
    ],
)  # fmt: skip
def test_a_pdf_without_a_certificate_is_said_to_have_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.pdf"
    file.write_bytes(content)
    code, said = verified(file)
    assert code == 1
    assert "✓" not in said


def test_files_are_found_in_the_order_in_which_they_are_there() -> None:
    assert list(files_in(pdf_with("一".encode(), b"two", b""))) == ["一", "two", ""]
