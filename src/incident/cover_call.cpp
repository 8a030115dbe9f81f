#include "incident/cover_call.h"

#include <algorithm>
#include <tuple>

#include "rotation/planning/override_check.h"
#include "texts/phrases.h"
#include "time/format.h"
#include "words/html_text.h"

namespace watchbill {

namespace {

bool is_in(const std::vector<MemberId>& people, const MemberId& member) {
    return std::find(people.begin(), people.end(), member) != people.end();
}

bool holds_another(const Plan& plan, const Shift& shift, const MemberId& member, Instant now) {
    return std::any_of(plan.assignments.begin(), plan.assignments.end(), [&](const Assignment& other) {
        return other.member == member && other.shift.key != shift.key && other.shift.when.contains(now);
    });
}

// "MRO on Thu 3 Dec, until 18:00 (Europe/Paris)", on the reader's clock.
std::string say_rest(const Team& team, const CoverCall& call, const MemberId& to) {
    const Zone zone = zone_of_member(team, to);
    const Day date = call.shift.key.date;
    const Instant end = call.shift.when.end;
    const std::string until = zone.day_of(end) == date ? say_time(zone, end) : say_moment(zone, end, date);
    return say_rotation(team, call.shift.key.rotation) + " on " + say_day(date, date) + ", until " + until +
           " (" + zone.name() + ")";
}

std::string say_holder_of(const Team& team, const CoverCall& call) {
    return say_member(team, call.holder) + " (" + call.why + ")";
}

}  // namespace

std::vector<CoverCall> cover_calls(const Staff& staff, Instant now) {
    const Team& team = *staff.team;
    std::vector<CoverCall> calls;
    for (const Assignment& assignment : staff.plan->assignments) {
        const Shift& shift = assignment.shift;
        if (!shift.when.contains(now) || shift.when.end - now <= team.ack_timeout || !assignment.member ||
            team.find_rotation(shift.key.rotation) == nullptr)
            continue;
        if (team.find_member(*assignment.member) == nullptr) {
            calls.push_back({shift, *assignment.member, "has left the team"});
            continue;
        }
        const auto away = away_from(team, *staff.availability, assignment, now);
        if (!away) continue;
        const Interval gone{std::max(away->when.start, shift.when.start),
                            std::min(away->when.end, shift.when.end)};
        const bool for_the_rest = away->when.end >= shift.when.end;
        if (!for_the_rest && gone.length() < team.absence_threshold) continue;
        std::string why = "away: " + say_kind(away->kind);
        if (away->when.start > shift.when.start)
            why += " since " + say_time(zone_of_rotation(team, shift.key.rotation), away->when.start);
        calls.push_back({shift, away->member, std::move(why)});
    }
    return calls;
}

std::optional<MemberId> next_to_cover(const Staff& staff, const CoverCall& call,
                                      const std::vector<MemberId>& asked, Instant now) {
    const Team& team = *staff.team;
    const Rotation& rotation = *team.find_rotation(call.shift.key.rotation);
    const Member* best = nullptr;
    const auto rank = [&](const Member& member) {
        return std::tuple(!rotation.is_on_roster(member.id),
                          holds_another(*staff.plan, call.shift, member.id, now));
    };
    for (const Member& member : team.members) {
        if (member.id == call.holder || is_in(asked, member.id)) continue;
        if (presence_at(staff, member, now).presence != Presence::there) continue;
        if (why_not_serve(team, call.shift, member.id, *staff.availability)) continue;
        if (best == nullptr || rank(member) < rank(*best)) best = &member;
    }
    return best != nullptr ? std::optional(best->id) : std::nullopt;
}

std::string cover_call_name(const CoverCall& call) {
    return "cover." + call.shift.key.rotation + "." + format_day(call.shift.key.date) + "." +
           call.holder.email();
}

MailTexts cover_request_mail(const Team& team, const CoverCall& call, const MemberId& to,
                             const std::string& url) {
    const std::string holder = say_holder_of(team, call);
    MailTexts mail;
    mail.subject = "Can you take over? " + say_rest(team, call, to);
    const std::string asked =
        holder +
        " holds this shift. Can you take the rest of it? The first yes has it; until then the "
        "others on duty answer.";
    mail.text = mail.subject + "\n\n" + asked + "\n\nYes or no: " + url + "\n";
    mail.html = mail_html("<p><strong>" + escape_html(mail.subject) + "</strong></p><p>" +
                          escape_html(asked) + "</p>" + mail_button(url, "Yes or no"));
    return mail;
}

MailTexts cover_taken_mail(const Team& team, const CoverCall& call, const MemberId& taken_by,
                           const MemberId& to) {
    MailTexts mail;
    const std::string rest = say_rest(team, call, to);
    mail.subject = taken_by == to ? "You have it: " + rest : say_member(team, taken_by) + " has it: " + rest;
    const std::string said =
        call.holder == to ? "You are away, so others were asked: there is nothing for you to do."
        : taken_by == to  ? "You hold the shift of " + say_holder_of(team, call) + " from now on. Thank you."
                          : "Nobody needs to take over from " + say_holder_of(team, call) +
                               " any more: there is nothing for you to do.";
    mail.text = mail.subject + "\n\n" + said + "\n";
    mail.html = mail_html("<p><strong>" + escape_html(mail.subject) + "</strong></p><p>" + escape_html(said) +
                          "</p>");
    return mail;
}

}  // namespace watchbill
