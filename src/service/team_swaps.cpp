#include "service/team_swaps.h"

#include <algorithm>
#include <list>
#include <set>

#include "crypto/crypto.h"
#include "rotation/phrases.h"
#include "rotation/swap_phrases.h"
#include "rotation/swap_records.h"

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

// What an answer may be to: one team's swap, and which of its events.
struct Asked {
    const Team* team = nullptr;
    const Swap* swap = nullptr;
    const SwapEventRecord* event = nullptr;
    const Member* member = nullptr;  // who answers
};

bool is_asked(const Asked& asked) { return asked.swap->open || asked.swap->colleague == asked.member->id; }

bool is_event_of(const SwapEventRecord& known, const InvitationReply& reply) {
    if (reply.recurrence_id.empty()) return names_event_of(known.name, reply.uid);
    return event_uid(known.name) == swap_event_name(reply.uid, reply.recurrence_id);
}

bool has_started(const Swap& swap, Instant now) {
    return (!swap.shift_when.empty() && swap.shift_when.start <= now) ||
           (swap.counter_when && swap.counter_when->start <= now);
}

ReplyVerdict verdict_on(const Asked& asked, bool applied, std::string code, std::string message) {
    return {applied, std::move(code), std::move(message), asked.team->name, asked.swap->id};
}

// Why the answer changes nothing; nothing where it does.
std::optional<ReplyVerdict> refusal_of(const Asked& asked, const InvitationReply& reply, Instant now) {
    const std::string who = say_member(*asked.team, asked.member->id);
    const auto refused = [&asked](std::string code, std::string message) {
        return verdict_on(asked, false, std::move(code), std::move(message));
    };
    // "Decline and propose" of Outlook is a no.
    if (reply.counter && reply.status != ParticipationStatus::declined)
        return refused("counter", who +
                                      " proposed another time, which a swap cannot follow: make "
                                      "another event.");
    if (!is_asked(asked)) return refused("uninvited", who + " is not whom this swap is asked of.");
    if (asked.event->gone)
        return refused("withdrawn", "The event that " + who +
                                        " answered asks for this no more: it was deleted or changed. " +
                                        "If there is another, it needs an answer of its own.");
    if (has_started(*asked.swap, now))
        return refused("too_late", "A shift of this swap has started: " + who + " answered too late.");
    if (reply.sequence < asked.event->first_sequence)
        return refused("stale", who + " answered what the event asked before it was changed.");
    const bool decided =
        reply.status == ParticipationStatus::accepted || reply.status == ParticipationStatus::declined;
    if (!decided) return refused("undecided", who + " has not decided yet.");
    return std::nullopt;
}

// Whether another event that asks this person has the same name: some programs give all their events one UID
// (CALENDARS.md 30), and an answer does not say which one it is to.
bool shares_its_name(const Asked& asked, const std::vector<const Asked*>& all) {
    return std::any_of(all.begin(), all.end(), [&asked](const Asked* other) {
        return other->team == asked.team && other->swap != asked.swap &&
               other->swap->organizer == asked.swap->organizer &&
               event_uid(other->event->name) == event_uid(asked.event->name);
    });
}

ReplyVerdict ambiguous(const Asked& asked) {
    return verdict_on(asked, false, "ambiguous_event",
                      "Several events that ask " + say_member(*asked.team, asked.member->id) +
                          " have the same UID, so that nobody can tell which one was answered: answer it in "
                          "the calendar, or make an event of its own.");
}

// The answer to one swap, kept.
Result<ReplyVerdict> keep(Store& store, const Asked& asked, const InvitationReply& reply, Instant now) {
    const std::string who = say_member(*asked.team, asked.member->id);
    const bool yes = reply.status == ParticipationStatus::accepted;
    const std::string said = yes ? "accepted" : "declined";
    const SwapReply kept{asked.swap->id, asked.member->id, asked.swap->counter, yes,
                         reply.sequence, reply.dtstamp,    asked.event->name,   asked.event->round};
    const auto stored =
        store.keep_swap_reply(asked.team->name, kept,
                              {now, "mail:" + asked.member->id.email(), "", asked.team->name, "swap.reply",
                               who + " " + said + " by mail: " + say_trade(*asked.team, *asked.swap) + "."});
    if (!stored) return tl::unexpected(stored.error());
    if (!*stored) return verdict_on(asked, false, "stale", who + " has answered later than this already.");
    return verdict_on(asked, true, said, who + " " + said + ".");
}

bool is_decision(const InvitationReply& reply) {
    return reply.status == ParticipationStatus::declined ||
           (reply.status == ParticipationStatus::accepted && !reply.counter);
}

// A colleague invited them to something that nobody has read yet: it may become a swap with the next look at
// the calendars. Nothing where it is no colleague who invited.
Result<std::optional<ReplyVerdict>> keep_early(Store& store, const Team& team, const InvitationReply& reply,
                                               Instant now) {
    const Member* member = team.find_member(reply.attendee);
    const Member* organizer = reply.organizer ? team.find_member(*reply.organizer) : nullptr;
    if (member == nullptr || organizer == nullptr || organizer == member || !is_decision(reply))
        return std::nullopt;
    const std::string who = say_member(team, member->id);
    const bool yes = reply.status == ParticipationStatus::accepted;
    const SwapReply kept{"",
                         member->id,
                         {},
                         yes,
                         reply.sequence,
                         reply.dtstamp,
                         swap_event_name(reply.uid, reply.recurrence_id)};
    const auto stored =
        store.keep_swap_reply(team.name, kept,
                              {now, "mail:" + member->id.email(), "", team.name, "swap.reply",
                               who + (yes ? " accepted" : " declined") + " by mail an event of " +
                                   say_member(team, organizer->id) + " that has not been read yet."});
    if (!stored) return tl::unexpected(stored.error());
    return ReplyVerdict{false, "early",
                        "The event was not read from " + say_member(team, organizer->id) +
                            "'s calendar yet. Where it asks for a swap the answer counts as soon as it is.",
                        team.name, ""};
}

}  // namespace

Day swaps_from(const PlanningWindow& window) { return window.days.first - just_over; }

SwapDecision decision_of(const Team& team, const SwapJudgement& judgement, Instant now) {
    SwapDecision decision;
    decision.team = team.name;
    decision.overrides = judgement.overrides;
    decision.asks = judgement.asks;
    decision.at = now;
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
    const std::vector<Team> teams = teams_();
    std::list<std::vector<Swap>> swaps;  // of each team; they stay where they are
    std::vector<Asked> all_asked;
    for (const Team& team : teams) {
        const Member* member = team.find_member(reply.attendee);
        if (member == nullptr) continue;
        auto known = store_.swaps(team.name, swaps_from(planning_window(team, now)));
        if (!known) return tl::unexpected(std::move(known.error()));
        for (const Swap& swap : swaps.emplace_back(std::move(*known))) {
            for (const SwapEventRecord& event : swap.events)
                if (is_event_of(event, reply)) all_asked.push_back({&team, &swap, &event, member});
        }
    }
    // Of several swaps that one event has asked for in its life, or of those of a series, each that it asks
    // this person for now. Else the nearest says why not.
    std::vector<const Asked*> answered;
    std::optional<ReplyVerdict> refused;
    int nearness = -1;
    for (const Asked& asked : all_asked) {
        auto refusal = refusal_of(asked, reply, now);
        if (!refusal) answered.push_back(&asked);
        const int near = (is_asked(asked) ? 2 : 0) + (asked.event->gone ? 0 : 1);
        if (refusal && near > nearness) {
            refused = std::move(refusal);
            nearness = near;
        }
    }
    std::optional<ReplyVerdict> taken;
    for (const Asked* asked : answered) {
        Result<ReplyVerdict> verdict =
            shares_its_name(*asked, answered) ? ambiguous(*asked) : keep(store_, *asked, reply, now);
        if (!verdict) return tl::unexpected(std::move(verdict.error()));
        if (!taken || (verdict->applied && !taken->applied)) taken = std::move(*verdict);
    }
    if (taken || refused) return taken ? taken : refused;
    for (const Team& team : teams) {
        auto early = keep_early(store_, team, reply, now);
        if (!early || *early) return early;
    }
    return std::nullopt;
}

}  // namespace watchbill
