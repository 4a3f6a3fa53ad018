"""What credentials refuse."""

from onex.chassis.problems import NotFound


class IssuerNotKnown(NotFound):
    code, title = "issuer_not_known", "No TEO of this id issues certificates here"
