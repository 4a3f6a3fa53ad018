"""The blueprint of training's doors: those of programmes in `api.py`, those of people in `people_api.py`."""

from onex.chassis.web import Blueprint

blp = Blueprint("training", "training", url_prefix="/training", description="Training of teachers and evaluators")
