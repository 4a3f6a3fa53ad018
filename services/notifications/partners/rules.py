"""By what partners are told apart who wants to hear (PP-45)."""

_TYPE_IN_NUMBER = slice(2, 5)


def type_code(said: str | None, number: str) -> str:
    """The code of a certificate's type, as subscriptions name it. An event from before it was said in a field of its own
    says it in the certificate's number, whose third to fifth characters it is."""
    return said if said is not None else number[_TYPE_IN_NUMBER]
