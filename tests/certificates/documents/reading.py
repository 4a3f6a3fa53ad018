"""Documents as others read them: PDFium for the PDF, Pillow for the picture, ZXing for the QR code."""

import ctypes
import io
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image

POINTS_PER_MM = 72 / 25.4


class Reader:
    """A PDF that somebody was given."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.document = pypdfium2.PdfDocument(content)
        self.page = self.document[0]

    @property
    def size_mm(self) -> tuple[int, int]:
        width, height = self.page.get_size()
        return round(width / POINTS_PER_MM), round(height / POINTS_PER_MM)

    @property
    def text(self) -> str:
        """All its text, without the line ends that a layout makes."""
        return self.page.get_textpage().get_text_range().replace("\r\n", "").replace("\n", "")

    def attached(self) -> dict[str, bytes]:
        found = (self.document.get_attachment(at) for at in range(self.document.count_attachments()))
        return {one.get_name(): bytes(one.get_data()) for one in found}

    def fonts(self) -> dict[str, bool]:
        """The fonts of its text by name, and whether each is in the file."""
        found = {}
        for one in self.page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8):
            font = pdfium.FPDFTextObj_GetFont(one.raw)
            name = ctypes.create_string_buffer(200)
            pdfium.FPDFFont_GetBaseFontName(font, name, 200)
            found[name.value.decode()] = bool(pdfium.FPDFFont_GetIsEmbedded(font))
        return found

    def bounds(self) -> list[tuple[float, float, float, float]]:
        """Left, bottom, right and top of all its text."""
        page = self.page.get_textpage()
        return [page.get_rect(at) for at in range(page.count_rects())]

    def height(self, text: str) -> tuple[float, float]:
        """Bottom and top of the first place where the page says `text`, in points from below."""
        page = self.page.get_textpage()
        start, count = page.search(text).get_next()
        boxes = [page.get_charbox(at) for at in range(start, start + count)]
        return min(bottom for _, bottom, _, _ in boxes), max(top for _, _, _, top in boxes)

    def picture(self) -> Any:
        return self.page.render(scale=150 / 72).to_pil()


def opened(png: bytes) -> Any:
    return Image.open(io.BytesIO(png))


def code_in(picture: Any) -> str:
    """What the one QR code of a picture says."""
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    return str(code.text)
