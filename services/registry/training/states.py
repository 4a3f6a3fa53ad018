"""The ways of what training keeps."""

from onex.chassis.states import Machine

PROGRAMME = Machine(
    "programme",
    "OP-10",
    {
        "correct": ("draft", "draft"),
        "announce": ("draft", "announced"),
        "enrol": ("announced", "announced"),
        "teach": ("announced", "announced"),
        "finish": ("announced", "finished"),
        "cancel": (("draft", "announced"), "cancelled"),
    },
)
EXPERT = Machine(
    "training_expert",
    "OP-15",
    {
        "correct": (("proposed", "rejected"), "proposed"),
        "approve": ("proposed", "approved"),
        "reject": ("proposed", "rejected"),
        "remove": (("proposed", "approved", "rejected"), "removed"),
    },
)
REQUEST = Machine(
    "training_request",
    "OP-09",
    {
        "accept": ("open", "accepted"),
        "decline": ("open", "declined"),
        "withdraw": ("open", "withdrawn"),
    },
)
ENROLMENT = Machine(
    "enrolment",
    "OP-11",
    {"attend": ("enrolled", "enrolled"), "withdraw": ("enrolled", "withdrawn")},
)
TEACHER = Machine(
    "teacher",
    None,
    {"work": ("active", "active"), "leave": ("active", "left"), "return": ("left", "active")},
)
