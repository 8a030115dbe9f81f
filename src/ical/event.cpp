#include "ical/event.h"

#include <algorithm>
#include <utility>

#include "ical/decode.h"
#include "ical/limits.h"
#include "words/plain_text.h"

namespace watchbill::ical {

namespace {

class ComponentReader {
public:
    ComponentReader(const ComponentTree& tree, Event& event, WarningLog& warnings)
        : tree_(tree), event_(event), warnings_(warnings) {}

    // The first of each single property counts (RFC 5545 allows one).
    void add(const Property& property) {
        switch (property.name) {
            case PropertyName::date_start: read_time(property, event_.start, "bad_start"); break;
            case PropertyName::date_end: read_time(property, event_.end, "bad_end"); break;
            case PropertyName::duration: read_duration(property); break;
            case PropertyName::recurrence_id:
                if (event_.is_override) break;
                event_.is_override = true;
                read_time(property, event_.recurrence_id, "bad_recurrence_id");
                read_range(property);
                break;
            default: break;
        }
    }

private:
    void read_time(const Property& property, std::optional<TimeValue>& into, const char* code) {
        if (into) return;
        into = parse_time(property.value, property.parameters);
        if (!into) ignore(property, code, "is no date or time");
    }

    void read_duration(const Property& property) {
        if (event_.duration) return;
        event_.duration = parse_length(property.value);
        if (!event_.duration) ignore(property, "bad_duration", "is no duration");
    }

    void read_range(const Property& property) {
        const auto range = find_parameter(property.parameters, "RANGE");
        if (!range) return;
        event_.this_and_future = equal_ignoring_case(*range, "THISANDFUTURE");
        if (event_.this_and_future) return;
        warnings_.add("unknown_range", "the change of " + label_of(tree_, event_) + " is for " +
                                           quoted(*range) +
                                           ", which is not understood; it was applied to one instance");
    }

    void ignore(const Property& property, const char* code, const char* why) {
        warnings_.add(code, "in " + label_of(tree_, event_) + ", " + quoted(property.value) + ' ' + why +
                                " and was ignored");
    }

    const ComponentTree& tree_;
    Event& event_;
    WarningLog& warnings_;
};

// "mailto:bob%2Brota@example.com?subject=x" holds bob+rota@example.com (RFC 6068).
std::string without_uri_escapes(std::string_view uri) {
    uri = uri.substr(0, uri.find('?'));
    std::string text;
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    for (size_t at = 0; at < uri.size(); ++at) {
        if (uri[at] == '%' && at + 2 < uri.size() && digit(uri[at + 1]) >= 0 && digit(uri[at + 2]) >= 0) {
            text += static_cast<char>(digit(uri[at + 1]) * 16 + digit(uri[at + 2]));
            at += 2;
        } else {
            text += uri[at];
        }
    }
    return text;
}

EventStatus status_of(std::string_view value) {
    if (equal_ignoring_case(value, "TENTATIVE")) return EventStatus::tentative;
    if (equal_ignoring_case(value, "CONFIRMED")) return EventStatus::confirmed;
    if (equal_ignoring_case(value, "CANCELLED") || equal_ignoring_case(value, "CANCELED")) {
        return EventStatus::cancelled;
    }
    return EventStatus::none;
}

BusyStatus busy_status_of_outlook(std::string_view value) {
    if (equal_ignoring_case(value, "FREE")) return BusyStatus::free;
    if (equal_ignoring_case(value, "TENTATIVE")) return BusyStatus::tentative;
    if (equal_ignoring_case(value, "BUSY")) return BusyStatus::busy;
    if (equal_ignoring_case(value, "OOF")) return BusyStatus::out_of_office;
    if (equal_ignoring_case(value, "WORKINGELSEWHERE")) return BusyStatus::working_elsewhere;
    return BusyStatus::unspecified;
}

// A list's items end at commas that are not escaped.
void add_categories(std::string_view value, std::string_view uid, WarningLog& warnings,
                    std::vector<std::string>& categories) {
    constexpr size_t most = 100;
    size_t begin = 0;
    for (size_t at = 0; at <= value.size() && categories.size() < most; ++at) {
        if (at < value.size() && value[at] == '\\') {
            ++at;
        } else if (at == value.size() || value[at] == ',') {
            std::string category = read_text(value.substr(begin, at - begin), uid, warnings);
            if (!category.empty()) categories.push_back(std::move(category));
            begin = at + 1;
        }
    }
}

class DetailsReader {
public:
    DetailsReader(const ComponentTree& tree, const Event& event, WarningLog& warnings)
        : tree_(tree), event_(event), warnings_(warnings) {}

    EventDetails read(const Event* master) {
        details_.uid = printable_text(event_.uid).text;
        details_.sequence = event_.sequence;
        details_.changed_at = Instant(event_.stamp.time_since_epoch());
        bool has_summary = false;
        for (const Property& property : tree_.properties(tree_.components()[event_.component])) {
            if (property.name == PropertyName::summary && !std::exchange(has_summary, true)) {
                details_.summary = read_text(property.value, event_.uid, warnings_);
            } else {
                add(property);
            }
        }
        if (!has_summary && master != nullptr) {
            const Property* summary =
                tree_.find(tree_.components()[master->component], PropertyName::summary);
            if (summary != nullptr) details_.summary = read_text(summary->value, event_.uid, warnings_);
        }
        if (attendees_left_out_ > 0) {
            warnings_.add("too_many_attendees", label_of(tree_, event_) + " has more than " +
                                                    std::to_string(limits::attendees_per_event) +
                                                    " attendees; the rest was ignored");
        }
        return std::move(details_);
    }

private:
    void add(const Property& property) {
        switch (property.name) {
            case PropertyName::status: details_.status = status_of(property.value); break;
            case PropertyName::transparency:
                details_.transparent = equal_ignoring_case(property.value, "TRANSPARENT");
                break;
            case PropertyName::busy_status:
                details_.busy_status = busy_status_of_outlook(property.value);
                break;
            case PropertyName::last_modified:
                // Google writes the time of the export into DTSTAMP.
                if (const auto time = parse_time(property.value, ""))
                    details_.changed_at = Instant(time->local.time_since_epoch());
                break;
            case PropertyName::categories:
                add_categories(property.value, event_.uid, warnings_, details_.categories);
                break;
            case PropertyName::organizer:
                if (!details_.organizer)
                    details_.organizer = read_calendar_user(property.parameters, property.value);
                break;
            case PropertyName::attendee: add_attendee(property); break;
            default: break;
        }
    }

    void add_attendee(const Property& property) {
        auto member = read_calendar_user(property.parameters, property.value);
        if (!member) return;
        if (details_.attendees.size() >= limits::attendees_per_event) {
            ++attendees_left_out_;
            return;
        }
        const auto name = find_parameter(property.parameters, "CN");
        details_.attendees.push_back({std::move(*member), read_participation(property.parameters),
                                      name ? read_text(*name, event_.uid, warnings_) : ""});
    }

    const ComponentTree& tree_;
    const Event& event_;
    WarningLog& warnings_;
    EventDetails details_;
    size_t attendees_left_out_ = 0;
};

}  // namespace

// Servers that do not write mailto: put the address into EMAIL (RFC 7986 6.2) or X-EMAIL.
std::optional<MemberId> read_calendar_user(std::string_view parameters, std::string_view value) {
    constexpr std::string_view scheme = "mailto:";
    const bool is_mail =
        value.size() > scheme.size() && equal_ignoring_case(value.substr(0, scheme.size()), scheme);
    const std::string address = is_mail ? without_uri_escapes(value) : std::string(value);
    // Of one that cannot be seen in full nobody could say whose it is.
    if (find_hidden_character(address)) return std::nullopt;
    if (auto member = MemberId::parse(address)) return member;
    for (const char* name : {"EMAIL", "X-EMAIL"}) {
        if (const auto email = find_parameter(parameters, name)) return MemberId::parse(*email);
    }
    return std::nullopt;
}

ParticipationStatus read_participation(std::string_view parameters) {
    const auto status = find_parameter(parameters, "PARTSTAT");
    if (!status || status->empty()) return ParticipationStatus::needs_action;
    if (equal_ignoring_case(*status, "NEEDS-ACTION")) return ParticipationStatus::needs_action;
    if (equal_ignoring_case(*status, "ACCEPTED")) return ParticipationStatus::accepted;
    if (equal_ignoring_case(*status, "DECLINED")) return ParticipationStatus::declined;
    if (equal_ignoring_case(*status, "TENTATIVE")) return ParticipationStatus::tentative;
    if (equal_ignoring_case(*status, "DELEGATED")) return ParticipationStatus::delegated;
    return ParticipationStatus::other;
}

Event read_component(const ComponentTree& tree, uint32_t component, bool cancels, WarningLog& warnings) {
    const Component& source = tree.components()[component];
    Event event;
    event.component = component;
    event.calendar = source.calendar;
    event.cancelled = cancels;
    const Property* uid = tree.find(source, PropertyName::uid);
    // Of control characters alone it is none.
    if (uid != nullptr && has_printable_text(uid->value)) event.uid = uid->value;

    ComponentReader reader(tree, event, warnings);
    for (const Property& property : tree.properties(source)) {
        switch (property.name) {
            case PropertyName::rule: event.has_rule = true; break;
            case PropertyName::recurrence_dates: event.has_dates = true; break;
            case PropertyName::exception_dates:
            case PropertyName::exception_rule: event.has_exceptions = true; break;
            case PropertyName::sequence: event.sequence = parse_integer(property.value).value_or(0); break;
            case PropertyName::stamp:
                if (const auto stamp = parse_time(property.value, "")) event.stamp = stamp->local;
                break;
            case PropertyName::status:
                event.cancelled |= status_of(property.value) == EventStatus::cancelled;
                break;
            case PropertyName::all_day_mark:
                event.marked_all_day = equal_ignoring_case(property.value, "TRUE");
                break;
            default: reader.add(property); break;
        }
    }
    return event;
}

std::optional<Event> read_event(const ComponentTree& tree, uint32_t component, bool cancels,
                                WarningLog& warnings) {
    Event event = read_component(tree, component, cancels, warnings);
    if (event.start) return event;
    if (event.is_override && event.recurrence_id) return event;  // stays in its place
    if (event.cancelled && !event.is_override) return event;     // says only which series ends
    warnings.add("missing_start", label_of(tree, event) + " has no usable DTSTART and was left out");
    return std::nullopt;
}

std::string label_of(const ComponentTree& tree, const Event& event) {
    const Property* start = tree.find(tree.components()[event.component], PropertyName::date_start);
    return event_label(event.uid, start != nullptr ? start->value : "");
}

std::shared_ptr<const EventDetails> read_details(const ComponentTree& tree, const Event& event,
                                                 const Event* master, WarningLog& warnings) {
    return std::make_shared<const EventDetails>(DetailsReader(tree, event, warnings).read(master));
}

BusyStatus busy_status_of_type(std::string_view type, BusyStatus unknown) {
    if (equal_ignoring_case(type, "FREE")) return BusyStatus::free;
    if (equal_ignoring_case(type, "BUSY")) return BusyStatus::busy;
    if (equal_ignoring_case(type, "BUSY-UNAVAILABLE")) return BusyStatus::out_of_office;
    if (equal_ignoring_case(type, "BUSY-TENTATIVE")) return BusyStatus::tentative;
    return unknown;
}

std::string read_text(std::string_view value, std::string_view uid, WarningLog& warnings) {
    // Escapes at most halve a text's length.
    PrintableText text = people_text(unescape_text(cut_text(value, 2 * limits::text_bytes)));
    if (text.was_latin1) {
        warnings.add_once("not_utf8", "the calendar's text is not all UTF-8, first in the event with UID " +
                                          quoted(uid) + "; such text was read as windows-1252");
    }
    return std::string(cut_text(text.text, limits::text_bytes));
}

}  // namespace watchbill::ical
