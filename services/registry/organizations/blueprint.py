"""The area's blueprint, on which each of its nouns has doors in a file of its own."""

from onex.chassis.web import Blueprint

blp = Blueprint(
    "organizations", "organizations", description="Who takes part: organizations, batches, quotas, liaisons, consortia"
)
