"""What can go wrong while the platform is being brought up on one machine."""


class LocalError(RuntimeError):
    """Something that the person at the keyboard can put right; the text says what and how."""


class RequirementMissing(LocalError):
    """A program that the platform needs is not on this machine; the text names it and each way to get it."""


class NotReady(LocalError):
    """A program did not become ready in time; the text ends with the tail of its log."""
