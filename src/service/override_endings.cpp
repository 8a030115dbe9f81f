#include "service/override_endings.h"

#include <algorithm>
#include <set>

#include "crypto/crypto.h"
#include "rotation/duty/override_phrases.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

// The same for one override and recipient, whichever process writes it.
std::string notice_id(const Team& team, const Override& fixed, const MemberId& recipient) {
    const std::string text = team.name + '\n' + fixed.shift.rotation + '\n' + format_day(fixed.shift.date) +
                             '\n' + fixed.member.email() + '\n' + format_instant(fixed.at) + '\n' +
                             recipient.email();
    return "override-" + crypto::sha256_hex(text).substr(0, 40);
}

OutboxMessage notice_of(const Team& team, const EndedOverride& ended, const Assignment& now_held,
                        const MemberId& recipient, Instant now) {
    OverrideMail mail = ended_override_mail(team, ended, now_held, recipient);
    OutboxMessage message;
    message.id = notice_id(team, ended.fixed, recipient);
    message.team = team.name;
    message.kind = "override";
    message.about = "override." + ended.fixed.shift.rotation + "." + format_day(ended.fixed.shift.date);
    message.recipient = recipient;
    if (team.find_member(recipient) != nullptr) message.recipient_name = say_member(team, recipient);
    message.subject = std::move(mail.subject);
    message.text = std::move(mail.text);
    message.created_at = now;
    return message;
}

std::set<MemberId> concerned(const Team& team, const Override& fixed, const Assignment& now_held) {
    const Member* given_to = team.find_member(fixed.member);
    std::set<MemberId> people{given_to != nullptr ? given_to->id : fixed.member};
    if (now_held.member) people.insert(*now_held.member);
    const auto by = MemberId::parse(fixed.by);
    if (const Member* decided = by ? team.find_member(*by) : nullptr) people.insert(decided->id);
    return people;
}

}  // namespace

std::vector<Override> without_ended(std::vector<Override> overrides,
                                    const std::vector<EndedOverride>& ended) {
    for (const EndedOverride& one : ended) std::erase(overrides, one.fixed);
    return overrides;
}

std::vector<Override> without_leavers(std::vector<Override> overrides, const Team& team) {
    std::erase_if(overrides,
                  [&team](const Override& fixed) { return team.find_member(fixed.member) == nullptr; });
    return overrides;
}

void add_ended_overrides(SwapDecision& decision, const Team& team, const std::vector<EndedOverride>& ended,
                         const Plan& plan, Instant now) {
    for (const EndedOverride& one : ended) {
        const ShiftKey& shift = one.fixed.shift;
        const auto change = std::find_if(decision.overrides.begin(), decision.overrides.end(),
                                         [&shift](const auto& other) { return other.shift == shift; });
        if (change == decision.overrides.end()) {
            decision.overrides.push_back({shift, one.fixed, std::nullopt});
        } else if (!change->before) {
            change->before = one.fixed;  // swaps were judged without it
        }
        const auto planned =
            std::find_if(plan.assignments.begin(), plan.assignments.end(),
                         [&shift](const Assignment& other) { return other.shift.key == shift; });
        if (planned == plan.assignments.end()) continue;
        decision.entries.push_back(
            {now, "watchbill", "", team.name, "override.ended", say_ended_override(team, one, *planned)});
        for (const MemberId& recipient : concerned(team, one.fixed, *planned))
            decision.notices.push_back(notice_of(team, one, *planned, recipient, now));
    }
}

}  // namespace watchbill
