"""Event and timer doors of admission."""


class AdmissionBus:
    pass
