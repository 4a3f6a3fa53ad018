"""Refusals of documents."""

from collections.abc import Iterable

from onex.chassis.problems import Refusal


class NotDrawable(Refusal):
    """A name has a character that no font here has. A box in its place would be a certificate of somebody else."""

    status, code, title = 409, "character_not_drawable", "A character of the certificate is in none of the fonts"

    def __init__(self, characters: Iterable[str]) -> None:
        points = sorted({f"U+{ord(one):04X}" for one in characters})
        super().__init__(f"No font has {', '.join(points)}: operators can add one.", characters=points)
        self.points = points


class PressBusy(Refusal):
    status, code, title = 503, "press_busy", "Too many documents are being made at this moment"


class BundleNotReady(Refusal):
    status, code, title = 409, "bundle_not_ready", "The documents are not ready: ask how far the job is"
