"""Refusals of batch inquiries."""

from onex.chassis.problems import Refusal


class NotFinished(Refusal):
    status, code, title = 409, "batch_not_finished", "The batch has no results yet; its job says how far it is"


class BatchFailed(Refusal):
    status, code, title = 409, "batch_failed", "The batch could not be read; its job says why"


class ResultsExpired(Refusal):
    status, code, title = 410, "results_expired", "The results of this batch were dropped; send it again"
