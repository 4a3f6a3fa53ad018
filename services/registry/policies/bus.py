"""The policy library hears nothing and has no timer."""


class PoliciesBus:
    pass
