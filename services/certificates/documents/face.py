"""What a certificate's document shows: the texts of its face, and the files that lie in it."""

import io
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from typing import Any, NamedTuple

import segno

from services.certificates.elsewhere.models import College
from services.certificates.inquiry.wording import LEVELS, day, state_of
from services.certificates.issuing import numbers
from services.certificates.issuing.models import Certificate
from services.certificates.pilot.models import CertificateType, Teo


class Attached(NamedTuple):
    """A file in the PDF. `relation` is how PDF/A-3 calls what it is to the page (AFRelationship)."""

    text: str
    type: str
    what: str
    relation: str


@dataclass(frozen=True, kw_only=True)
class Face:
    """The texts, as the templates take them. Equal faces give equal documents, byte for byte."""

    name: str
    type_zh: str
    type_en: str
    level_zh: str
    level_en: str
    standard: str
    teo_zh: str
    teo_en: str
    college_zh: str = ""
    """Where the holder studied; empty for who did not, and for a college that the registry has not told of."""
    college_en: str = ""
    issued: dict[str, int]
    issued_zh: str
    issued_en: str
    number: str
    foreign_number: str | None
    address: str
    """As it is printed: without the token, which is for who scans the code."""
    qr: str
    mark: dict[str, str] | None
    """What became of a certificate that is not valid; it is drawn across the whole document."""

    def values(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def made_at(self) -> datetime:
        """The time in the file's metadata: the day of issue, so that the file made today and the one made next year are one."""
        return datetime(**self.issued, tzinfo=UTC)  # type: ignore[arg-type]


def face(
    certificate: Certificate, kind: CertificateType, teo: Teo, college: College | None, *,
    name: str, address: str, scanned: str, successor: str | None,
) -> Face:  # fmt: skip
    """The face of a certificate. `scanned` is what its QR code says; `successor` the number of what replaced it."""
    level_zh, level_en = LEVELS[certificate.level]
    issued_zh, issued_en = day(certificate.issued_on)
    issued = datetime.combine(certificate.issued_on, time())
    return Face(
        name=name,
        type_zh=kind.name_zh,
        type_en=kind.name_en,
        level_zh=level_zh,
        level_en=level_en,
        standard=certificate.standard_version,
        teo_zh=teo.name_zh,
        teo_en=teo.name_en,
        college_zh=college.name_zh if college else "",
        college_en=college.name_en if college else "",
        issued={"year": issued.year, "month": issued.month, "day": issued.day},
        issued_zh=issued_zh,
        issued_en=issued_en,
        number=numbers.grouped(certificate.number),
        foreign_number=certificate.foreign_number,
        address=address,
        qr=qr_svg(scanned),
        mark=_mark(certificate.state, successor),
    )


def qr_svg(text: str) -> str:
    """A QR code as SVG, with the quiet zone of four modules that readers need (ISO/IEC 18004)."""
    svg = io.BytesIO()
    segno.make_qr(text, error="m").save(svg, kind="svg", border=4, xmldecl=False, nl=False, dark="#1d1b19")
    return svg.getvalue().decode()


def _mark(state: str, successor: str | None) -> dict[str, str] | None:
    if state == "valid":
        return None
    said = state_of(state)
    mark = {"zh": said.zh, "en": said.en, "meaning_zh": said.meaning_zh, "meaning_en": said.meaning_en}
    if successor:
        grouped = numbers.grouped(successor)
        mark["meaning_zh"] = f"该证书已由编号为 {grouped} 的新证书替代，不再有效。"
        mark["meaning_en"] = f"Certificate {grouped} has taken the place of this one, which is not valid any more."
    return mark
