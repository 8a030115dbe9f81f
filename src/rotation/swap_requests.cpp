#include "rotation/swap_requests.h"

#include <algorithm>
#include <utility>

#include "rotation/swap_records.h"

namespace watchbill {

namespace {

std::optional<MemberId> member_behind(const Team& team, const MemberId& address) {
    const Member* member = team.find_member(address);
    return member == nullptr ? std::nullopt : std::optional(member->id);
}

bool is_person(const Team& team, const MemberId& address, const MemberId& member) {
    return member_behind(team, address) == member;
}

bool is_organized_by(const Team& team, const SwapEvent& event, const MemberId& member) {
    return event.organizer && is_person(team, *event.organizer, member);
}

std::optional<ParticipationStatus> answer_of(const Team& team, const SwapEvent& event,
                                             const MemberId& member) {
    std::optional<ParticipationStatus> answer;
    for (const auto& attendee : event.attendees) {
        if (!is_person(team, attendee.member, member)) continue;
        // Invited under two addresses: one yes is a yes.
        if (!answer || attendee.status == ParticipationStatus::accepted) answer = attendee.status;
    }
    return answer;
}

// An all-day event begins with the day of whoever reads it: its date is what two calendars share.
bool same_start(const SwapEvent& a, const SwapEvent& b) {
    if (a.all_day || b.all_day) return a.all_day && b.all_day && a.all_day->first == b.all_day->first;
    return a.when.start == b.when.start;
}

bool same_look(const SwapEvent& a, const SwapEvent& b) {
    return same_start(a, b) && a.title == b.title && a.kind == b.kind;
}

bool has_no_people(const SwapEvent& event) { return event.attendees.empty() && !event.organizer; }

bool same_uid(const SwapEvent& a, const SwapEvent& b) { return !a.uid.empty() && a.uid == b.uid; }

// Somebody who is no member may stand for all of them: a mailing list.
bool may_invite(const Team& team, const SwapEvent& event, const MemberId& member) {
    return std::any_of(event.attendees.begin(), event.attendees.end(), [&](const SwapEvent::Answer& one) {
        const auto known = member_behind(team, one.member);
        return !known || *known == member;
    });
}

// An invitation that lost its people on the way through a published calendar.
bool is_copy_of_an_invitation(const Team& team, const std::vector<MemberSwapEvents>& calendars,
                              const SwapEvent& event, const MemberId& owner) {
    if (!has_no_people(event)) return false;
    for (const MemberSwapEvents& other : calendars) {
        if (other.member == owner) continue;
        for (const SwapEvent& original : other.events) {
            const auto organizer =
                original.organizer ? member_behind(team, *original.organizer) : std::nullopt;
            if (same_uid(original, event) && organizer && *organizer != owner) return true;
            if (same_look(original, event) && is_organized_by(team, original, other.member) &&
                may_invite(team, original, owner))
                return true;
        }
    }
    return false;
}

// The owner's own by their own doing.
bool initiates(const Team& team, const std::vector<MemberSwapEvents>& calendars, const SwapEvent& event,
               const MemberId& owner) {
    if (!event.own) return false;
    if (event.organizer) return is_organized_by(team, event, owner);
    if (!event.attendees.empty()) return !answer_of(team, event, owner);
    return !event.tentative && !is_copy_of_an_invitation(team, calendars, event, owner);
}

// Other members of the team that the event invites.
std::set<MemberId> invited_by(const Team& team, const SwapEvent& event, const MemberId& owner) {
    std::set<MemberId> invited;
    for (const auto& attendee : event.attendees) {
        const auto member = member_behind(team, attendee.member);
        if (member && *member != owner) invited.insert(*member);
    }
    return invited;
}

SwapRequest request_of(const Team& team, const SwapEvent& event, const MemberId& owner) {
    SwapRequest request;
    request.organizer = owner;
    request.event = &event;
    const std::set<MemberId> invited = invited_by(team, event, owner);
    const auto fits = [&event](const MemberId& member) {
        return std::all_of(event.named.begin(), event.named.end(),
                           [&member](const std::set<MemberId>& bearers) { return bearers.contains(member); });
    };
    if (invited.size() == 1) {
        request.invites = true;
        if (fits(*invited.begin())) request.colleague = *invited.begin();
        if (!request.colleague) request.problem = SwapReason::several_named;
    } else if (invited.size() > 1) {
        request.problem = SwapReason::several_named;
    } else if (!event.named.empty()) {
        std::vector<MemberId> all_named;
        for (const MemberId& member : event.named.front())
            if (fits(member)) all_named.push_back(member);
        if (all_named.size() == 1) request.colleague = all_named.front();
        if (!request.colleague) request.problem = SwapReason::several_named;
    } else if (event.kind == SwapKind::cover) {
        request.open = true;
    } else {
        request.problem = SwapReason::nobody_named;
    }
    if (request.problem == SwapReason::none && (event.dates.ambiguous || event.dates.dates.size() > 2))
        request.problem = SwapReason::ambiguous_date;
    return request;
}

bool says_of(const SwapEvent& event, Day near, const SwapTerms& terms) {
    if (event.dates.ambiguous) return false;
    return std::all_of(event.dates.dates.begin(), event.dates.dates.end(), [&](const TitleDate& date) {
        const auto day = day_of_title_date(date, near);
        return day && (day == terms.give.key.date || (terms.counter && day == terms.counter->key.date));
    });
}

bool same_instance(const SwapEvent& a, const SwapEvent& b) {
    if (!same_start(a, b) || a.kind != b.kind) return false;
    return a.recurrence_id == b.recurrence_id || a.recurrence_id.empty() || b.recurrence_id.empty();
}

// The colleague's copy of the request's event. Its terms are what they agreed to: a copy that says something
// else than the organiser's event does now is none.
SwapConsent copy_of(const Team& team, const SwapRequest& request, const SwapEvent& event) {
    if (event.organizer && !is_organized_by(team, event, request.organizer)) return SwapConsent::none;
    // Names read differently from the two sides: each leaves out its owner's.
    if (event.dates != request.event->dates) return SwapConsent::none;
    if (event.uid == request.event->uid && same_instance(event, *request.event))
        return SwapConsent::own_event;
    // What is published without people and says "Declined:" before the same title is no answer to anything
    // else.
    const bool by_look = (event.organizer || event.declined) && same_look(event, *request.event);
    return by_look ? SwapConsent::like_event : SwapConsent::none;
}

}  // namespace

SwapCalendars::SwapCalendars(const Team& team, std::vector<MemberSwapEvents> calendars,
                             const std::vector<Swap>& known, const std::vector<SwapAsk>& asks, Instant now)
    : team_(team), calendars_(std::move(calendars)) {
    for (MemberSwapEvents& calendar : calendars_) {
        auto& events = calendar.events;
        std::erase_if(events, [now](const SwapEvent& event) { return event.when.end + looked_back <= now; });
        std::stable_sort(events.begin(), events.end(),
                         [](const SwapEvent& a, const SwapEvent& b) { return a.when < b.when; });
        if (events.size() > most_events) events.resize(most_events);
    }
    for (const MemberSwapEvents& calendar : calendars_) {
        for (const SwapEvent& event : calendar.events) {
            if (initiates(team_, calendars_, event, calendar.member))
                requests_.push_back(request_of(team_, event, calendar.member));
        }
    }
    for (const SwapRequest& request : requests_)
        note_asked(request.organizer, request.event->uid, request.colleague);
    for (const SwapAsk& ask : asks) note_asked(ask.member, ask.uid, ask.colleague);
    for (const Swap& swap : known) {
        const auto asked_of = swap.open ? std::nullopt : swap.colleague;
        for (const SwapEventRecord& record : swap.events) {
            const std::string name = event_uid(record.name);
            note_asked(swap.organizer, name, asked_of);
            note_asked(swap.organizer, name.substr(0, name.rfind('#')), asked_of);
        }
    }
}

bool SwapCalendars::is_readable(const MemberId& member) const {
    return std::any_of(calendars_.begin(), calendars_.end(), [&member](const MemberSwapEvents& calendar) {
        return calendar.member == member && calendar.readable;
    });
}

Instant SwapCalendars::last_touched(const SwapRequest& request) const {
    Instant last = request.event->changed_at;
    for (const MemberSwapEvents& calendar : calendars_) {
        if (calendar.member != request.colleague) continue;
        for (const SwapEvent& event : calendar.events)
            if (event.uid == request.event->uid || same_look(event, *request.event))
                last = std::max(last, event.changed_at);
    }
    return last;
}

void SwapCalendars::note_asked(const MemberId& organizer, const std::string& uid,
                               const std::optional<MemberId>& of) {
    if (!uid.empty()) asked_[{organizer, uid}].push_back(of);
}

// Whether the member asks, or has asked, by an event of this UID. `names` says whom that must be asked of.
template <typename Names>
bool SwapCalendars::may_be_of(const MemberId& member, const SwapEvent& event, Names names) const {
    const auto found = asked_.find({member, event.uid});
    return found != asked_.end() && std::any_of(found->second.begin(), found->second.end(), names);
}

// An event without ORGANIZER that a third person has, or had, is a copy in all but one of the calendars, and
// nothing says in which: neither of the two is taken to have said by it what the third may have written.
bool SwapCalendars::may_be_of_a_third(const SwapRequest& request, const MemberId& other) const {
    const SwapEvent& event = *request.event;
    if (event.organizer || event.uid.empty()) return false;
    const auto is_third = [&](const MemberId& member) {
        return member != request.organizer && member != other;
    };
    const auto is_copy = [&](const SwapEvent& copy) {
        return same_uid(copy, event) && !is_organized_by(team_, copy, request.organizer);
    };
    const bool stands_there =
        std::any_of(calendars_.begin(), calendars_.end(), [&](const MemberSwapEvents& calendar) {
            return is_third(calendar.member) &&
                   std::any_of(calendar.events.begin(), calendar.events.end(), is_copy);
        });
    return stands_there || std::any_of(asked_.begin(), asked_.end(), [&](const auto& asked) {
               return is_third(asked.first.first) && asked.first.second == event.uid;
           });
}

// What stands under the UID of another event of the organiser is a copy of that one, and answers that one.
bool SwapCalendars::belongs_to_another(const SwapEvent& event, const SwapRequest& request) const {
    return !same_uid(event, *request.event) &&
           may_be_of(request.organizer, event, [](const auto&) { return true; });
}

// An event of the colleague's own that says the same from the other side. One UID in two calendars is one
// event and its copy, whatever the copy leaves out (also of which instance it speaks). And two UIDs are two
// people's words only where it is clear who wrote which: an event that could as well be the other's, by its
// title and since the other has it or had it, is taken for theirs.
bool SwapCalendars::is_matching(const SwapRequest& theirs, const SwapRequest& request,
                                const SwapTerms& terms) const {
    const SwapEvent& event = *theirs.event;
    const auto names_colleague = [&](const std::optional<MemberId>& named) {
        return !named || *named == theirs.organizer;
    };
    const auto names_organizer = [&](const std::optional<MemberId>& named) {
        return !named || *named == request.organizer;
    };
    if (same_uid(event, *request.event)) return false;
    if (may_be_of_a_third(theirs, request.organizer) || may_be_of_a_third(request, theirs.organizer))
        return false;
    if (may_be_of(request.organizer, event, names_colleague)) return false;
    if (may_be_of(theirs.organizer, *request.event, names_organizer)) return false;
    if (event.uid.empty() && request.event->uid.empty() && same_look(event, *request.event)) return false;
    if (event.kind != request.event->kind || theirs.problem != SwapReason::none) return false;
    if (theirs.colleague != request.organizer) return false;
    const bool lies_there = lies_on(event, terms.give) || (terms.counter && lies_on(event, *terms.counter));
    return lies_there && says_of(event, terms.give.key.date, terms);
}

SwapAnswer SwapCalendars::answer_in_calendar(const SwapRequest& request, const SwapTerms& terms,
                                             const MemberId& colleague) const {
    SwapAnswer answer;
    const auto agrees = [&](SwapConsent how, const SwapEvent& event) {
        // The enum's order is the order of trust.
        if (answer.consent != SwapConsent::none && answer.consent <= how) return;
        answer.consent = how;
        answer.changed_at = std::max(event.changed_at, request.event->changed_at);
        answer.event = how == SwapConsent::matching_event ? &event : nullptr;
    };
    std::vector<std::pair<SwapConsent, const SwapEvent*>> copies;
    for (const MemberSwapEvents& calendar : calendars_) {
        if (calendar.member != colleague) continue;
        for (const SwapEvent& event : calendar.events) {
            const SwapConsent copy = copy_of(team_, request, event);
            if (copy != SwapConsent::none && !belongs_to_another(event, request))
                copies.emplace_back(copy, &event);
        }
    }
    // Where the event itself is there, one that merely looks like it is another.
    if (std::any_of(copies.begin(), copies.end(),
                    [](const auto& copy) { return copy.first == SwapConsent::own_event; }))
        std::erase_if(copies, [](const auto& copy) { return copy.first != SwapConsent::own_event; });
    for (const auto& [copy, event] : copies) {
        const auto said = answer_of(team_, *event, colleague);
        if (event->declined || said == ParticipationStatus::declined) {
            answer.declined = true;
        } else if (said == ParticipationStatus::accepted) {
            agrees(copy, *event);
        }
    }
    for (const SwapRequest& theirs : requests_) {
        if (theirs.organizer == colleague && is_matching(theirs, request, terms))
            agrees(SwapConsent::matching_event, *theirs.event);
    }
    return answer;
}

bool lies_on(const SwapEvent& event, const Shift& shift) {
    if (event.all_day) return event.all_day->contains(shift.key.date);
    return event.when.overlaps(shift.when) || (event.when.empty() && shift.when.contains(event.when.start));
}

SwapAnswer SwapCalendars::answer(const SwapRequest& request, const SwapTerms& terms,
                                 const MemberId& colleague, const std::vector<SwapReply>& replies) const {
    SwapAnswer answer = answer_in_calendar(request, terms, colleague);
    if (answer.consent != SwapConsent::none) {
        answer.declined = false;
        return answer;
    }
    const auto agrees = [&answer](SwapConsent how, Instant at) {
        answer.consent = how;
        answer.changed_at = at;
    };
    const std::optional<ShiftKey> counter = terms.counter ? std::optional(terms.counter->key) : std::nullopt;
    // Their own calendar, where it says no, is nearer to them than a mail or the organiser's copy.
    if (answer.declined) return answer;
    for (const SwapReply& reply : replies) {
        if (reply.member != colleague || reply.counter != counter) continue;
        if (reply.accepted) agrees(SwapConsent::reply, reply.dtstamp);
        answer.declined = !reply.accepted;
        return answer;
    }
    const auto organizer_says = answer_of(team_, *request.event, colleague);
    answer.declined = organizer_says == ParticipationStatus::declined;
    if (team_.trust_organizer_copy && organizer_says == ParticipationStatus::accepted)
        agrees(SwapConsent::organizer_copy, request.event->changed_at);
    return answer;
}

}  // namespace watchbill
