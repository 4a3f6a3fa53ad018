"""Event and timer doors of training."""


class TrainingBus:
    pass
