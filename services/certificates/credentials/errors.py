"""What credentials refuse."""

from onex.chassis.problems import NotFound, Refusal


class IssuerNotKnown(NotFound):
    code, title = "issuer_not_known", "No TEO of this id issues certificates here"


class CredentialNotGenuine(Refusal):
    code, title = "credential_not_genuine", "What is stored of this certificate is not what was signed"
