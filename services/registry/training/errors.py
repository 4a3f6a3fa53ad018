"""What training refuses. A wrong step is refused by the machines in `states.py` (`programme_is_draft` and so on)."""

from onex.chassis.problems import Refusal


class TeacherExists(Refusal):
    status, code, title = 409, "teacher_exists", "The college has a teacher of this staff number already"


class TeacherUnknown(Refusal):
    status, code, title = 422, "teacher_unknown", "The college has no such teacher"


class RoleHeld(Refusal):
    status, code, title = 409, "teacher_role_held", "The teacher has this role for this type already"
    clause = "OP-08"


class RoleEnded(Refusal):
    status, code, title = 409, "teacher_role_ended", "The role has ended already"
    clause = "OP-08"


class NotAttended(Refusal):
    status, code, title = 409, "training_not_attended", "Nobody is certified who took part in no lesson"
    clause = "OP-08"


class CertificationFee(Refusal):
    status, code, title = 422, "certification_fee_not_zero", "Assessing and certifying costs nothing extra"
    clause = "OP-12"


class ExpertExists(Refusal):
    status, code, title = 409, "training_expert_exists", "The TEO has an expert of this number already"


class ExpertUnknown(Refusal):
    status, code, title = 422, "training_expert_unknown", "No expert of the team has this id"


class ExpertNotReviewed(Refusal):
    status, code, title = 409, "training_expert_not_reviewed", "Nobody teaches before a review has approved them"
    clause = "OP-15"


class ReviewOfOwnEntry(Refusal):
    status, code, title = 409, "review_of_own_entry", "Whoever entered an expert does not review them"
    clause = "OP-15"


class ExpertNotOfProgramme(Refusal):
    status, code, title = 422, "expert_not_of_programme", "Who teaches is one of the programme's experts"
    clause = "OP-15"


class TooFewFromIndustry(Refusal):
    status, code, title = 409, "too_few_industry_experts", "At least 40 % of the experts come from industry enterprises"
    clause = "OP-14"


class TeamNotMixed(Refusal):
    status, code, title = 409, "expert_team_not_mixed", "The team has experts of enterprises, colleges and research"
    clause = "PP-40"


class TooFewAtColleges(Refusal):
    status, code, title = 409, "too_few_sessions_at_colleges", "Training is held mainly at colleges"
    clause = "OP-13"


class NoSessions(Refusal):
    status, code, title = 409, "programme_without_sessions", "A programme says when and where it is held"
    clause = "OP-13"


class SessionOutsideProgramme(Refusal):
    status, code, title = 422, "session_outside_programme", "A session is held between the programme's days"
    clause = "OP-13"


class VenueWrong(Refusal):
    status, code, title = 422, "venue_wrong", "An offline session has a venue, an online one has none"
    clause = "OP-13"


class ProgrammeDaysWrong(Refusal):
    status, code, title = 422, "programme_days_wrong", "The programme's days do not follow one another"
    clause = "OP-10"


class EnrolmentOver(Refusal):
    status, code, title = 409, "enrolment_over", "The last day to enrol has passed"
    clause = "OP-10"


class ProgrammeFull(Refusal):
    status, code, title = 409, "programme_full", "The programme has no place left"


class ProgrammeNotOver(Refusal):
    status, code, title = 409, "programme_not_over", "The programme's last day has not come yet"


class ProgrammeNotForCollege(Refusal):
    status, code, title = 409, "programme_of_other_province", "A province trains the teachers of its own colleges"
    clause = "OP-01"


class AlreadyEnrolled(Refusal):
    status, code, title = 409, "teacher_already_enrolled", "The teacher has a place in the programme already"


class NoConsent(Refusal):
    status, code, title = 422, "training_without_consent", "Nobody is trained who has not agreed"
    clause = "OP-11"


class ConsentOfAnother(Refusal):
    status, code, title = 422, "consent_of_another", "Only the teacher can agree to the teacher's training"
    clause = "OP-11"


class ConsentTooEarly(Refusal):
    status, code, title = 422, "consent_before_announcement", "Nobody agrees to what has not been announced"
    clause = "OP-11"


class ConsentInFuture(Refusal):
    status, code, title = 422, "consent_in_future", "Consent has been given, not will be"
    clause = "OP-11"


class GovernmentFirst(Refusal):
    status, code, title = 409, "government_request_unanswered", "The TEO answers a government's request first"
    clause = "OP-09"


class RequestExists(Refusal):
    status, code, title = 409, "training_request_exists", "The TEO was asked for this programme already"
    clause = "OP-09"


class NotGovernment(Refusal):
    status, code, title = 409, "programme_not_of_government", "Governments ask TEOs to serve their own programmes"
    clause = "OP-09"


class NoPayStandard(Refusal):
    status, code, title = 409, "expert_pay_standard_missing", "No standard of experts' pay is in force"
    clause = "OP-09"


class PayAboveStandard(Refusal):
    status, code, title = 409, "expert_pay_above_standard", "An expert's pay is above the standard"
    clause = "OP-09"


class PayStandardExists(Refusal):
    status, code, title = 409, "expert_pay_standard_exists", "A standard of this rank begins on that day already"
    clause = "OP-09"


class SessionNotHeld(Refusal):
    status, code, title = 409, "session_not_held", "Attendance is recorded from the session's day on"


class TooManyLessons(Refusal):
    status, code, title = 422, "too_many_lessons", "Nobody took part in more lessons than were held"


class NotEnrolledHere(Refusal):
    status, code, title = 422, "not_enrolled_here", "The enrolment is not one of this programme"


class RatioMissing(Refusal):
    status, code, title = 409, "workload_ratio_missing", "The college has no workload ratio in force on that day"
    clause = "OP-18"


class RatioTooEarly(Refusal):
    status, code, title = 422, "workload_ratio_too_early", "A new ratio counts from today at the earliest"
    clause = "OP-18"


class RatioExists(Refusal):
    status, code, title = 409, "workload_ratio_exists", "A ratio of the college begins on that day already"
    clause = "OP-18"


class WorkloadInFuture(Refusal):
    status, code, title = 422, "workload_in_future", "Lessons count once they have been given"
    clause = "OP-18"


class WorkloadWithdrawn(Refusal):
    status, code, title = 409, "workload_withdrawn", "The lessons have been taken back already"
    clause = "OP-18"
