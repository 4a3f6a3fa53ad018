"""The way of a site: declared → settled → filed, and the ways out of it (OP-23)."""

from onex.chassis.states import Machine

SITE = Machine(
    "site",
    "OP-23",
    {
        "correct": (("declared", "refused"), "declared"),
        "settle": ("declared", "settled"),
        "refuse": (("declared", "settled"), "refused"),
        "withdraw": (("declared", "settled", "refused"), "withdrawn"),
        "file": ("settled", "filed"),
        "suspend": ("filed", "suspended"),
        "resume": ("suspended", "filed"),
        "close": (("filed", "suspended"), "closed"),
    },
)
