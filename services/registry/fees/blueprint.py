"""The area's blueprint, on which each of its nouns has doors in a file of its own."""

from onex.chassis.web import Blueprint

blp = Blueprint(
    "fees", "fees", description="Fee ceilings, provincial policies, three-party fee agreements, cost accounts"
)
