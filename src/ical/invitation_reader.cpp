#include "ical/invitation_reader.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "ical/component_scan.h"
#include "ical/decode.h"
#include "ical/event.h"
#include "ical/values.h"
#include "ical/zone_table.h"
#include "time/format.h"
#include "words/letter_case.h"

namespace watchbill::ical {

namespace {

// Ours have some 60 bytes; other programs' stay below 255 (RFC 7986 5.3 counts on it).
constexpr size_t longest_uid = 1000;

struct Scanned {
    UnfoldedText text;  // what the tree points into
    ComponentTree tree;
    WarningLog warnings;
};

// Through a pointer: views into a short string do not survive its move.
Result<std::unique_ptr<Scanned>> scan(std::string_view bytes) {
    if (bytes.size() > largest_invitation)
        return fail(ErrorCode::too_large, "the calendar part is larger than an answer to an invitation is");
    if (is_html_page(bytes))
        return fail(ErrorCode::not_a_calendar, "this is no iCalendar but " + describe_content(bytes));
    auto scanned = std::make_unique<Scanned>();
    auto text = unfold(bytes);
    if (!text) return tl::unexpected(std::move(text.error()));
    scanned->text = std::move(*text);
    auto tree = scan_components(scanned->text.lines, scanned->warnings);
    if (!tree) return tl::unexpected(std::move(tree.error()));
    scanned->tree = std::move(*tree);
    return scanned;
}

// One message says one METHOD. Nothing when it says several.
std::optional<std::string> method_of(const ComponentTree& tree) {
    std::optional<std::string> method;
    for (const Component& component : tree.components()) {
        if (component.type != ComponentType::calendar) continue;
        const Property* property = tree.find(component, PropertyName::method);
        std::string found = property != nullptr ? upper_case(property->value) : std::string();
        if (method && *method != found) return std::nullopt;
        method = std::move(found);
    }
    return method.value_or("");
}

// All events, the master first. Refused when they are not about one UID.
Result<std::vector<Event>> events_of(Scanned& scanned) {
    std::vector<Event> events;
    const auto& components = scanned.tree.components();
    for (uint32_t index = 0; index < components.size(); ++index) {
        if (components[index].type != ComponentType::event) continue;
        events.push_back(read_component(scanned.tree, index, false, scanned.warnings));
        if (events.back().uid != events.front().uid)
            return fail(ErrorCode::refused, "the calendar part is about several events");
    }
    if (events.empty()) return fail(ErrorCode::refused, "the calendar part holds no event");
    if (events.front().uid.empty() || events.front().uid.size() > longest_uid)
        return fail(ErrorCode::refused, "the event has no usable UID");
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return !a.is_override && b.is_override; });
    return events;
}

// As Occurrence::recurrence_id. A zone that nobody knows leaves the local time, which matches nothing.
std::string recurrence_id_of(const ComponentTree& tree, const Event& event) {
    if (!event.recurrence_id) return {};
    const TimeValue& time = *event.recurrence_id;
    if (time.form == TimeValue::Form::date) return format_day(time.day());
    const Instant as_utc(time.local.time_since_epoch());
    if (time.form == TimeValue::Form::utc) return format_instant(as_utc);
    if (time.form == TimeValue::Form::zoned) {
        WorkBudget budget;
        WarningLog unsaid;
        ZoneTable zones(tree, Zone::utc(), {}, as_utc + std::chrono::days(366), budget, unsaid);
        if (const auto zone = zones.find(event.calendar, time.zone))
            return format_instant(zone->to_instant(time.local));
    }
    std::string local = format_instant(as_utc);
    local.pop_back();
    return local;
}

// Whose answer it is: the one attendee of a reply, or among several the one who sent it.
Result<Attendee> answering(const std::vector<Attendee>& attendees, const MemberId& sender) {
    if (attendees.empty()) return fail(ErrorCode::refused, "the answer does not say who answers");
    if (attendees.size() == 1) return attendees.front();
    const auto own = std::find_if(attendees.begin(), attendees.end(),
                                  [&](const Attendee& attendee) { return attendee.member == sender; });
    if (own == attendees.end())
        return fail(ErrorCode::refused, "the answer names several attendees, and its sender is none of them");
    return *own;
}

}  // namespace

Result<InvitationReply> read_reply(std::string_view bytes, const MemberId& sender) {
    auto scanned = scan(bytes);
    if (!scanned) return tl::unexpected(std::move(scanned.error()));
    const auto method = method_of((*scanned)->tree);
    if (method != "REPLY" && method != "COUNTER") {
        return fail(ErrorCode::refused,
                    "the calendar part is no answer to an invitation (its METHOD is neither "
                    "REPLY nor COUNTER)");
    }
    auto events = events_of(**scanned);
    if (!events) return tl::unexpected(std::move(events.error()));
    const Event& event = events->front();
    if (events->size() > 1 && event.is_override)
        return fail(ErrorCode::refused, "the answer is about several instances: answer each on its own");

    const auto details = read_details((*scanned)->tree, event, nullptr, (*scanned)->warnings);
    auto attendee = answering(details->attendees, sender);
    if (!attendee) return tl::unexpected(std::move(attendee.error()));
    InvitationReply reply;
    reply.uid = details->uid;
    reply.recurrence_id = recurrence_id_of((*scanned)->tree, event);
    reply.attendee = attendee->member;
    reply.status = attendee->status;
    reply.sequence = event.sequence;
    reply.dtstamp = Instant(event.stamp.time_since_epoch());
    reply.organizer = details->organizer;
    reply.sender = sender;
    reply.counter = method == "COUNTER";
    return reply;
}

Result<StoredInvitation> read_invitation(std::string_view bytes) {
    auto scanned = scan(bytes);
    if (!scanned) return tl::unexpected(std::move(scanned.error()));
    auto events = events_of(**scanned);
    if (!events) return tl::unexpected(std::move(events.error()));
    const Event& event = events->front();
    const auto details = read_details((*scanned)->tree, event, nullptr, (*scanned)->warnings);
    StoredInvitation stored;
    stored.uid = details->uid;
    stored.method = method_of((*scanned)->tree).value_or("");
    stored.sequence = event.sequence;
    stored.cancelled = event.cancelled || stored.method == "CANCEL";
    stored.organizer = details->organizer;
    stored.attendees = details->attendees;
    return stored;
}

}  // namespace watchbill::ical
