"""What a fresh registry needs before anyone can call it: a key that signs tokens, and the first operator.

And what it must know: the qualifications that were cancelled (PP-16), the fields of the pilot (PP-32), the kinds of
reports (OP-06), what funds are used for (OP-34).
"""

from collections.abc import Mapping

from onex.chassis.access import Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings, read
from services.registry.funding.actions import plant_categories
from services.registry.identity import actions, queries
from services.registry.organizations import fields
from services.registry.reports.actions import plant_kinds
from services.registry.standards.actions import plant_cancelled

FIRST_OPERATOR = "operator"


def plant(session: UnitOfWork, settings: Settings, environ: Mapping[str, str]) -> None:
    """Plant what is not there yet. The first operator's secret comes from ONEX_BOOTSTRAP_OPERATOR_SECRET."""
    actions.ensure_signing_key(session, Vault.of(settings))
    if queries.client(session, FIRST_OPERATOR) is None:
        secret = read(environ, "ONEX_BOOTSTRAP_OPERATOR_SECRET", str, "the secret of the client `operator`")
        actions.register_client(session, FIRST_OPERATOR, Role.OPERATOR, by="migration", secret=secret)
    plant_cancelled(session)
    fields.plant(session)
    plant_kinds(session)
    plant_categories(session)
