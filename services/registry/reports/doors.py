"""The blueprint that the doors of this area share."""

from onex.chassis.web import Blueprint

blp = Blueprint("reports", "reports", description="Reports, activity filings, invitations, good cases, suggestions")
