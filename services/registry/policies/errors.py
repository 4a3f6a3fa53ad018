"""What the policy library refuses."""

from onex.chassis.problems import Refusal


class PolicyExists(Refusal):
    status, code, title = 409, "policy_exists", "There is a policy document of this number already"
    clause = "OP-45"


class PolicyFromTheFuture(Refusal):
    status, code, title = 422, "policy_not_issued_yet", "The document's day has not come yet"
    clause = "OP-45"


class SuccessorWrong(Refusal):
    status, code, title = 422, "policy_successor_wrong", "A policy is superseded by another one that is published"
    clause = "OP-45"


class ReasonMissing(Refusal):
    status, code, title = 422, "policy_reason_missing", "Who withdraws what is published says why"
    clause = "OP-45"


class FileRefused(Refusal):
    status, code, title = 422, "attachment_refused", "Files of this kind are not kept in the library"
    clause = "OP-45"


class FileTooLarge(Refusal):
    status, code, title = 413, "attachment_too_large", "The file is larger than the library keeps"
    clause = "OP-45"


class TooManyFiles(Refusal):
    status, code, title = 409, "attachments_too_many", "The policy has as many attachments as it may"
    clause = "OP-45"


class FileExists(Refusal):
    status, code, title = 409, "attachment_exists", "The policy has this file already"
    clause = "OP-45"
