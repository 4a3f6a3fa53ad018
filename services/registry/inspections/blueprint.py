"""The area's blueprint, on which points, inspectors and inspections have doors in files of their own."""

from onex.chassis.access import Role
from onex.chassis.web import Blueprint

REGULATORS = (Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
blp = Blueprint("inspections", "inspections", description="Monitoring points and double-random inspections")
