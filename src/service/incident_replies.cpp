#include "service/incident_replies.h"

#include <algorithm>

namespace watchbill {

Result<std::optional<ReplyVerdict>> IncidentReplies::take(const InvitationReply& reply, Instant) {
    const auto incident = store_.find_incident_of_event(reply.uid);
    if (!incident) return tl::unexpected(incident.error());
    if (!*incident) return std::nullopt;
    const auto notice = look_((*incident)->team);
    if (notice == nullptr || !notice->ready()) {
        return fail(ErrorCode::unavailable,
                    "the incident's team has no plan yet: trying again in a moment will work");
    }
    const Incident& before = **incident;
    const IncidentAnswer answer{reply.attendee, reply.status, reply.sequence,
                                reply.dtstamp,  "mail",       reply.counter};
    const auto outcome = desk_.answer({*notice->team, *notice->plan, *notice->availability}, before.id,
                                      answer, {"mail:" + reply.sender.email(), ""});
    if (!outcome) return tl::unexpected(outcome.error().error);

    ReplyVerdict verdict;
    verdict.team = before.team;
    verdict.about = before.id;
    const Member* member = notice->team->find_member(reply.attendee);
    const Invitation* invitation = outcome->incident.find(member != nullptr ? member->id : reply.attendee);
    // A proposal counts where it says no beside it.
    const bool may_count = !reply.counter || reply.status == ParticipationStatus::declined;
    verdict.applied = may_count && invitation != nullptr && invitation->rsvp == reply.status &&
                      invitation->answer_sequence == reply.sequence &&
                      invitation->answer_stamp == reply.dtstamp;
    verdict.code = verdict.applied ? std::string(participation_name(reply.status)) : "recorded";
    verdict.message =
        verdict.applied
            ? "The answer counts."
            : "The answer does not count, and is kept in the incident's timeline with the reason.";
    return std::optional(std::move(verdict));
}

}  // namespace watchbill
