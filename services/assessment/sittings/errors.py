"""What sittings refuse."""

from onex.chassis.problems import Refusal


class SittingUnknown(Refusal):
    status, code, title = 422, "sitting_unknown", "The plan has no such sitting"


class SiteNotFiled(Refusal):
    status, code, title, clause = 422, "site_not_filed", "No filed site of this id is known", "OP-23"


class SiteOfAnotherType(Refusal):
    status, code, title, clause = 422, "site_of_another_type", "The site is filed for another certificate type", "OP-23"


class SiteNotOpen(Refusal):
    status, code, title, clause = 409, "site_not_open", "The site is suspended or closed", "OP-23"


class SittingEndsBeforeItStarts(Refusal):
    status, code, title = 422, "sitting_times", "A sitting ends after it starts"
