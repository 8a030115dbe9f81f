#include "service/reply_desk.h"

#include <utility>

#include "ical/invitation_reader.h"

namespace watchbill {

namespace {

MailOutcome refused(std::string code, std::string message) {
    return {MailFate::refused, {false, std::move(code), std::move(message), "", ""}};
}

MailOutcome outcome_of(const MailRefusal& refusal) {
    MailOutcome outcome = refused(refusal.code, refusal.message);
    // Answering a program that answers by itself begins a conversation that nobody ends.
    if (refusal.code == "bounce" || refusal.code == "auto_reply") outcome.fate = MailFate::ignored;
    return outcome;
}

std::string_view method_of(const InvitationReply& reply) { return reply.counter ? "COUNTER" : "REPLY"; }

}  // namespace

bool is_same_member(const std::vector<Team>& teams, const MemberId& a, const MemberId& b) {
    for (const Team& team : teams) {
        const Member* member = team.find_member(a);
        if (member != nullptr && member == team.find_member(b)) return true;
    }
    return false;
}

ReplyDesk::ReplyDesk(const MailReader& reader, std::vector<ReplyTaker*> takers, SamePerson same_person,
                     const Clock& clock, spdlog::logger& log)
    : reader_(reader),
      takers_(std::move(takers)),
      same_person_(std::move(same_person)),
      clock_(clock),
      log_(log) {}

Result<MailOutcome> ReplyDesk::receive(std::string_view bytes) const {
    const auto mail = reader_.read(bytes);
    Result<MailOutcome> outcome = mail ? decide(*mail) : outcome_of(mail.error());
    // Neither addresses nor titles: codes, and ids that are ours.
    if (!outcome) {
        log_.error("a mail of {} bytes that came in could not be handled: {}: {}", bytes.size(),
                   outcome.error().where, outcome.error().message);
    } else if (outcome->fate == MailFate::taken) {
        log_.info("an answer by mail was taken: {} ({} {})", outcome->verdict.code, outcome->verdict.team,
                  outcome->verdict.about);
    } else {
        log_.info("a mail of {} bytes that came in was {}: {}", bytes.size(),
                  outcome->fate == MailFate::ignored ? "ignored" : "refused", outcome->verdict.code);
    }
    return outcome;
}

Result<MailOutcome> ReplyDesk::decide(const ReceivedMail& mail) const {
    auto reply = ical::read_reply(mail.calendar, mail.from);
    if (!reply) return refused("not_an_answer", reply.error().message);
    // RFC 6047 2.4: a method in the type is the one inside. Others have been put together by hand.
    if (!mail.method.empty() && mail.method != method_of(*reply)) {
        return refused("method_mismatch",
                       "the mail says that its calendar part is another kind of message than it is");
    }
    const bool own =
        reply->attendee == mail.from || (same_person_ && same_person_(reply->attendee, mail.from));
    if (!own) {
        return refused("not_the_attendee",
                       "the mail answers for somebody else: an answer counts from the invited address only");
    }
    const Instant now = clock_.now();
    for (ReplyTaker* const taker : takers_) {
        auto verdict = taker->take(*reply, now);
        if (!verdict) return tl::unexpected(std::move(verdict.error()));
        if (*verdict) return MailOutcome{MailFate::taken, std::move(**verdict)};
    }
    return refused("unknown_event", "the answer is to an event that is not known here");
}

}  // namespace watchbill
