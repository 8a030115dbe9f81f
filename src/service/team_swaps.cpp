#include "service/team_swaps.h"

#include <algorithm>
#include <set>

#include "crypto/crypto.h"
#include "rotation/phrases.h"
#include "rotation/swap_phrases.h"

namespace watchbill {

namespace {

constexpr std::chrono::days just_over{60};

// The same for one change of one swap and one recipient, whichever process writes it.
std::string notice_id(const Team& team, const SwapUpdate& update, const MemberId& recipient) {
    const std::string text = team.name + '\n' + update.swap.id + '\n' + recipient.email() + '\n' +
                             std::to_string(update.swap.revision);
    return "swap-" + crypto::sha256_hex(text).substr(0, 40);
}

OutboxMessage notice_of(const Team& team, const SwapUpdate& update, const MemberId& recipient, Instant now) {
    SwapMail mail = swap_mail(team, update.swap, recipient);
    OutboxMessage message;
    message.id = notice_id(team, update, recipient);
    message.team = team.name;
    message.kind = "swap";
    message.about = update.swap.id;
    message.recipient = recipient;
    message.recipient_name = say_member(team, recipient);
    message.subject = std::move(mail.subject);
    message.text = std::move(mail.text);
    message.created_at = now;
    return message;
}

bool is_event_of(const std::string& known, const InvitationReply& reply) {
    if (!reply.recurrence_id.empty()) return known == swap_event_name(reply.uid, reply.recurrence_id);
    return known == reply.uid || known.starts_with(swap_event_name(reply.uid, ""));
}

}  // namespace

Day swaps_from(const PlanningWindow& window) { return window.days.first - just_over; }

SwapDecision decision_of(const Team& team, const SwapJudgement& judgement, Instant now) {
    SwapDecision decision;
    decision.team = team.name;
    decision.overrides = judgement.overrides;
    for (const SwapUpdate& update : judgement.updates) {
        decision.changes.push_back({update.swap, update.steps});
        for (const SwapStep& step : update.steps) {
            const std::string action = "swap." + std::string(swap_state_name(step.state));
            decision.entries.push_back({now, swap_author(update.swap.id), "", team.name, action, step.what});
        }
        std::set<MemberId> told;
        for (const MemberId& recipient : update.tell) {
            if (team.find_member(recipient) != nullptr && told.insert(recipient).second)
                decision.notices.push_back(notice_of(team, update, recipient, now));
        }
    }
    return decision;
}

Result<std::optional<ReplyVerdict>> SwapReplies::take(const InvitationReply& reply, Instant now) {
    for (const Team& team : teams_()) {
        const Member* member = team.find_member(reply.attendee);
        if (member == nullptr) continue;
        const auto swaps = store_.swaps(team.name, swaps_from(planning_window(team, now)));
        if (!swaps) return tl::unexpected(swaps.error());
        const auto swap = std::find_if(swaps->begin(), swaps->end(), [&](const Swap& known) {
            return std::any_of(known.event_uids.begin(), known.event_uids.end(),
                               [&reply](const std::string& uid) { return is_event_of(uid, reply); });
        });
        if (swap == swaps->end()) continue;
        const auto verdict = [&](bool applied, std::string code, std::string message) {
            return ReplyVerdict{applied, std::move(code), std::move(message), team.name, swap->id};
        };
        const std::string who = say_member(team, member->id);
        const bool yes = reply.status == ParticipationStatus::accepted;
        const bool no = reply.status == ParticipationStatus::declined;
        // "Decline and propose" of Outlook is a no.
        if (reply.counter && !no)
            return verdict(false, "counter",
                           who +
                               " proposed another time, which a swap cannot follow: make "
                               "another event.");
        if (!swap->open && swap->colleague != member->id)
            return verdict(false, "uninvited", who + " is not whom this swap is asked of.");
        if (!yes && !no) return verdict(false, "undecided", who + " has not decided yet.");
        const SwapReply kept{swap->id, member->id, swap->counter, yes, reply.sequence, reply.dtstamp};
        const std::string said = yes ? "accepted" : "declined";
        const auto stored =
            store_.keep_swap_reply(team.name, kept,
                                   {now, "mail:" + member->id.email(), "", team.name, "swap.reply",
                                    who + " " + said + " by mail: " + say_trade(team, *swap) + "."});
        if (!stored) return tl::unexpected(stored.error());
        if (!*stored) return verdict(false, "stale", who + " has answered later than this already.");
        return verdict(true, said, who + " " + said + ".");
    }
    return std::optional<ReplyVerdict>();
}

}  // namespace watchbill
