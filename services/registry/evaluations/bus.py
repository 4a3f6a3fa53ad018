"""Event and timer doors of evaluations."""


class EvaluationsBus:
    pass
