#include "service/cover_service.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "crypto/crypto.h"
#include "rotation/planning/override_check.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

constexpr int most_attempts = 5;
// While somebody is not told yet.
constexpr Duration delivery_look = std::chrono::seconds(5);

const CallHistory& no_history() {
    static const CallHistory none;
    return none;
}

Staff staff_of(const KnownTeam& known) {
    return {&known.team, &known.plan, &known.availability, &no_history()};
}

std::vector<MemberId> recipients(const std::vector<MessageDelivery>& messages) {
    std::vector<MemberId> people;
    people.reserve(messages.size());
    for (const MessageDelivery& one : messages) people.push_back(one.recipient);
    return people;
}

// The same for one message, whichever process writes it.
OutboxMessage message_to(const Team& team, const CoverCall& call, const std::string& what, const MemberId& to,
                         MailTexts mail, Instant now) {
    const std::string key = team.name + '\n' + cover_call_name(call) + '\n' + to.email() + '\n' + what;
    OutboxMessage message;
    message.id = "cover-" + crypto::sha256_hex(key).substr(0, 40);
    message.team = team.name;
    message.kind = "cover";
    message.about = cover_call_name(call);
    message.recipient = to;
    if (team.find_member(to) != nullptr) message.recipient_name = say_member(team, to);
    message.subject = std::move(mail.subject);
    message.text = std::move(mail.text);
    message.html = std::move(mail.html);
    message.created_at = now;
    return message;
}

std::optional<CoverCall> call_of(const KnownTeam& known, const ShiftKey& shift, Instant now) {
    for (CoverCall& call : cover_calls(staff_of(known), now)) {
        if (call.shift.key == shift) return std::move(call);
    }
    return std::nullopt;
}

std::optional<MemberId> holder_of(const KnownTeam& known, const ShiftKey& shift) {
    for (const Assignment& assignment : known.plan.assignments) {
        if (assignment.shift.key == shift) return assignment.member;
    }
    return std::nullopt;
}

}  // namespace

CoverService::CoverService(Store& store, const Clock& clock, const IncidentLinks& links,
                           CoverServiceOptions options)
    : store_(store), clock_(clock), links_(links), options_(std::move(options)) {}

std::optional<Instant> CoverService::ask_due(const NoticeBoard& board, Instant now) {
    std::optional<Instant> next;
    for (const auto& notice : board.all()) {
        if (!notice->ready()) continue;
        const KnownTeam known{*notice->team, *notice->plan, *notice->availability};
        for (const CoverCall& call : cover_calls(staff_of(known), now)) {
            const auto due = ask_next(known, call, now, std::nullopt);
            if (!due && options_.log != nullptr)
                options_.log->error("team {}: nobody can be asked to take over {} on {}: {}", known.team.name,
                                    call.shift.key.rotation, format_day(call.shift.key.date),
                                    due.error().message);
            if (due && *due && (!next || **due < *next)) next = *due;
        }
    }
    return next;
}

std::optional<Instant> CoverService::time_is_up(const KnownTeam& known, const MessageDelivery& last) const {
    const MailService mail = options_.mail ? options_.mail() : MailService{};
    if (last.state == DeliveryState::failed) return last.created_at;
    if (last.state == DeliveryState::sent)
        return last.settled_at.value_or(last.created_at) + known.team.ack_timeout;
    const bool is_refused = last.attempts > 0 && mail.state == MailService::State::answers;
    if (mail.state != MailService::State::none && !is_refused) return std::nullopt;
    return last.created_at + known.team.ack_timeout;
}

Result<std::optional<Instant>> CoverService::ask_next(const KnownTeam& known, const CoverCall& call,
                                                      Instant now, const std::optional<MemberId>& declined) {
    const Team& team = known.team;
    const auto fixed = standing(known, call.shift.key);
    if (!fixed) return tl::unexpected(fixed.error().error);
    if (*fixed && (*fixed)->member != call.holder) return std::nullopt;  // taken; the plan follows
    const auto messages = store_.deliveries(team.name, cover_call_name(call));
    if (!messages) return tl::unexpected(messages.error());
    if (!messages->empty()) {  // newest first
        const MessageDelivery& last = messages->front();
        if (declined && last.recipient != *declined) return std::nullopt;
        const auto up = time_is_up(known, last);
        // An instant so far ahead is from before the wall clock was set back.
        const bool waits = up && *up > now && *up <= now + team.ack_timeout;
        if (!declined && !up) return now + delivery_look;
        if (!declined && waits) return up;
    }
    const Staff staff = staff_of(known);
    const auto next = next_to_cover(staff, call, recipients(*messages), now);
    if (!next) return std::nullopt;  // whoever comes in later is asked then
    const std::string url = links_.cover_url(team.name, call.shift.key, *next);
    const auto written = store_.add_to_outbox(
        {message_to(team, call, "ask", *next, cover_request_mail(team, call, *next, url), now)});
    if (!written) return tl::unexpected(written.error());
    if (options_.log != nullptr)
        options_.log->warn("team {}: the holder of {} on {} is away; the next person is asked to take over",
                           team.name, call.shift.key.rotation, format_day(call.shift.key.date));
    if (options_.on_changed) options_.on_changed();
    return now + delivery_look;
}

ActionResult<std::optional<Override>> CoverService::standing(const KnownTeam& known,
                                                             const ShiftKey& shift) const {
    const auto fixed = store_.overrides(known.team.name, {shift.date, shift.date + std::chrono::days(1)});
    if (!fixed) return refuse(fixed.error());
    const auto found = std::find_if(fixed->begin(), fixed->end(),
                                    [&shift](const Override& one) { return one.shift == shift; });
    return found == fixed->end() ? std::nullopt : std::optional(*found);
}

ActionResult<CoverVisit> CoverService::visit(const KnownTeam& known, const ShiftKey& shift,
                                             const std::string& token) const {
    const auto member = links_.find_by_cover_token(known.team, shift, token);
    if (!member) return refuse("bad_token", ErrorCode::not_found, "This link is not valid.");
    const auto fixed = standing(known, shift);
    if (!fixed) return Refused(fixed.error());
    CoverVisit visit{*member, call_of(known, shift, clock_.now()), holder_of(known, shift)};
    if (visit.call && *fixed && (*fixed)->member != visit.call->holder) {
        visit.holder = (*fixed)->member;
        visit.call.reset();
    }
    return visit;
}

ActionResult<CoverVisit> CoverService::answer(const KnownTeam& known, const ShiftKey& shift,
                                              const std::string& token, bool yes, const Actor& actor) {
    const Team& team = known.team;
    const Instant now = clock_.now();
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        auto visit = this->visit(known, shift, token);
        if (!visit) return visit;
        if (visit->holder == visit->member && !visit->call) return visit;  // theirs already
        if (!visit->call) {
            return refuse("taken", ErrorCode::conflict,
                          "There is nothing to take over any more: " +
                              (visit->holder ? say_member(team, *visit->holder) + " has the shift."
                                             : std::string("the shift is over.")));
        }
        const CoverCall& call = *visit->call;
        if (!yes) {
            if (const auto asked = ask_next(known, call, now, visit->member); !asked)
                return refuse(asked.error());
            return visit;
        }
        const auto grant =
            check_override(team, known.plan, known.availability, {shift, visit->member, false}, now);
        if (!grant) {
            return refuse(std::string(obstacle_name(grant.error().obstacle)), ErrorCode::conflict,
                          grant.error().sentence);
        }
        const auto fixed = standing(known, shift);
        if (!fixed) return Refused(fixed.error());
        const auto messages = store_.deliveries(team.name, cover_call_name(call));
        if (!messages) return refuse(messages.error());

        const std::string holder = say_member(team, call.holder) + " (" + call.why + ")";
        const std::string rest =
            say_rotation(team, shift.rotation) + " on " + format_date_of_week(shift.date);
        SwapDecision decision;
        decision.team = team.name;
        decision.at = now;
        const Override cover{
            shift, visit->member, "takes the rest of it from " + holder, visit->member.email(), now, false};
        decision.overrides = {{shift, *fixed, cover}};
        decision.entries = {
            {now, actor.who, actor.from, team.name, "cover.accepted",
             say_member(team, visit->member) + " takes the rest of " + rest + " from " + holder + "."}};
        std::vector<MemberId> people = recipients(*messages);
        if (team.find_member(call.holder) != nullptr) people.push_back(call.holder);
        people.push_back(visit->member);
        std::sort(people.begin(), people.end());
        people.erase(std::unique(people.begin(), people.end()), people.end());
        for (const MemberId& to : people) {
            decision.notices.push_back(
                message_to(team, call, "taken", to, cover_taken_mail(team, call, visit->member, to), now));
        }
        const auto decided = store_.decide_swaps(decision);
        if (decided) {
            if (options_.on_changed) options_.on_changed();
            return CoverVisit{visit->member, std::nullopt, visit->member};
        }
        // Somebody was faster: look again.
        if (decided.error().code != ErrorCode::conflict) return refuse(decided.error());
    }
    return refuse("conflict", ErrorCode::conflict, "Too many others answer at the same time: try again.");
}

}  // namespace watchbill
