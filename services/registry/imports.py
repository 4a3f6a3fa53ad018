"""What can be sent to the registry as files, each kind by the area that takes it in."""

from onex.chassis.rows import Imports
from services.registry.fees import imports as fees
from services.registry.funding import imports as funding
from services.registry.organizations import imports as organizations
from services.registry.reports import imports as reports
from services.registry.sites import imports as sites
from services.registry.standards import imports as standards
from services.registry.training import imports as training

IMPORTS = Imports(
    (
        organizations.ORGANIZATIONS,
        organizations.QUOTAS,
        standards.IMPORT,
        standards.CANCELLED,
        fees.IMPORT,
        sites.IMPORT,
        training.IMPORT,
        reports.IMPORT,
        funding.IMPORT,
    )
)
