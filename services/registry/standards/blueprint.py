"""The area's blueprint, on which each of its nouns has doors in a file of its own."""

from onex.chassis.web import Blueprint

blp = Blueprint(
    "standards", "standards", description="Certificate types, their standards, and what is taught from and towards them"
)
