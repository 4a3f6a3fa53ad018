"""Tables that only repeat what others said: `onex rebuild creditbank` makes them again. The ledger is not one of them."""

from onex.contracts.certificates import CertificateStandingChanged
from onex.contracts.registry import CertificateTypePublished
from onex.messaging.read_models import ReadModel, Table
from services.creditbank.ledger import standings
from services.creditbank.proposals import actions

MODELS = (
    ReadModel(
        "certificate-types",
        (Table("certificate_type", "type_version"), Table("credit_clock", "type_version")),
        {CertificateTypePublished: actions.learn_types},
    ),
    ReadModel(
        "certificate-standings",
        (Table("certificate_standing", "version"),),
        {CertificateStandingChanged: standings.keep},
    ),
)
