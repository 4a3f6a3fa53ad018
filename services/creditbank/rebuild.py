"""Tables that only repeat what the registry said: `onex rebuild creditbank` makes them again."""

from onex.contracts.registry import CertificateTypePublished
from onex.messaging.read_models import ReadModel, Table
from services.creditbank.proposals import actions

MODELS = (
    ReadModel(
        "certificate-types",
        (Table("certificate_type", "type_version"), Table("credit_clock", "type_version")),
        {CertificateTypePublished: actions.learn_types},
    ),
)
