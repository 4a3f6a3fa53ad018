"""Where documents are typeset: Typst, with fonts that come as packages, PDF/A-3a and PDF/UA-1 out.

It works in native code and holds no lock of Python's, so a web worker's other requests go on meanwhile, and a worker's hub
does when it is called by `eventlet.tpool`. One press does one thing at a time; a `Pressroom` has so many presses.

A document is as good as its holder's name. PDF/A forbids what no font can draw, so such a document is refused, never made
with a box in the name; of a picture a PDF is made first, which is not much work.
"""

import os
import queue
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import orjson
import pylopdf_fonts_jp
import pylopdf_fonts_zh_cn
import typst

from onex.chassis.settings import read
from services.certificates.documents.errors import NotDrawable, PressBusy
from services.certificates.documents.face import Attached, Face

Picture = Literal["card", "page"]
PACKAGES = (pylopdf_fonts_zh_cn, pylopdf_fonts_jp)
PRESSES = 2
"""So many documents a process makes at a time."""
PATIENCE_S = 10.0
_TEMPLATES = Path(__file__).parent / "templates"
_STANDARDS: list[Any] = ["a-3a", "ua-1"]
_DOTS_PER_INCH = {"card": 144.0, "page": 150.0}
_NOT_DRAWN = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
Made = TypeVar("Made")


class Press:
    """Makes documents, one at a time."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(
            _TEMPLATES / "certificate.typ", root=_TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True
        )

    def pdf(self, face: Face, attached: Mapping[str, Attached]) -> bytes:
        """The certificate on one A4 page, with files in it by their names. Raises NotDrawable."""
        files = {name: one._asdict() for name, one in attached.items()}
        return self._made("certificate", face, {"attached": files}, format="pdf", pdf_standards=_STANDARDS)

    def png(self, face: Face, picture: Picture) -> bytes:
        """The card (1200 by 630 pixels) or the page (A4 at 150 dots to the inch). Raises NotDrawable."""
        self.pdf(face, {})
        template = "card" if picture == "card" else "certificate"
        return self._made(template, face, {"attached": {}}, format="png", ppi=_DOTS_PER_INCH[picture])

    def _made(self, template: str, face: Face, more: dict[str, object], **options: Any) -> bytes:
        inputs = {"face": orjson.dumps(face.values() | more).decode()}
        try:
            made = self._compiler.compile(
                _TEMPLATES / f"{template}.typ",
                sys_inputs=inputs,
                timestamp=face.made_at,
                **options,
            )
        except typst.TypstError as error:
            if found := _NOT_DRAWN.search(error.message):
                raise NotDrawable(_unescaped(found["text"])) from None
            raise
        assert isinstance(made, bytes)
        return made


class Pressroom:
    """A process's presses. Whoever finds all of them busy waits, and is sent away after PATIENCE_S."""

    def __init__(self, presses: int = PRESSES) -> None:
        self._idle: queue.LifoQueue[Press | None] = queue.LifoQueue()
        for _ in range(presses):
            self._idle.put(None)  # a press is built when it is first needed

    def make(self, work: Callable[[Press], Made], *, patience_s: float = PATIENCE_S) -> Made:
        """What `work` makes with a press. Raises PressBusy."""
        try:
            press = self._idle.get(timeout=patience_s)
        except queue.Empty:
            raise PressBusy(retry_after_s=int(PATIENCE_S)) from None
        try:
            press = press or Press()
            return work(press)
        finally:
            self._idle.put(press)


def _fonts() -> typst.Fonts:
    """Noto Serif SC, and for rarer characters its Japanese cut; Typst's own for other scripts; what operators add."""
    folders = [str(package.serif_path().parent) for package in PACKAGES]
    added = read(os.environ, "ONEX_DOCUMENT_FONTS", _folder, "a folder with fonts for characters that ours lack", "")
    return _loaded((*folders, added) if added else tuple(folders))


@cache
def _loaded(folders: tuple[str, ...]) -> typst.Fonts:
    """One set of fonts for all presses of a process: they are some 40 MB."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders))


def _folder(raw: str) -> str:
    if not Path(raw).is_dir():
        raise ValueError("no folder")
    return raw


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
