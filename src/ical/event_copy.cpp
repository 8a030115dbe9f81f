#include "ical/event_copy.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "ical/copy_lines.h"
#include "ical/event.h"
#include "ical/invitation_writer.h"
#include "ical/values.h"

namespace watchbill::ical {

namespace {

// Which SEQUENCE of ours the copy was written for: servers and other programs raise the event's own.
constexpr std::string_view our_sequence = "X-WATCHBILL-SEQUENCE";

// Ours in any case.
constexpr std::array<std::string_view, 14> ours{"UID",         "SEQUENCE",
                                                "DTSTAMP",     "LAST-MODIFIED",
                                                "DTSTART",     "DTEND",
                                                "ORGANIZER",   "SUMMARY",
                                                "STATUS",      "TRANSP",
                                                "DESCRIPTION", "ATTENDEE",
                                                our_sequence,  "X-MICROSOFT-CDO-BUSYSTATUS"};
// Ours where we have something to say.
constexpr std::array<std::string_view, 3> ours_if_said{"LOCATION", "CONFERENCE", "URL"};
// What would contradict ours: a length beside DTEND, Outlook's own form of the description.
constexpr std::array<std::string_view, 2> superseded{"DURATION", "X-ALT-DESC"};
// By which a copy is told from one that needs a change.
constexpr std::array<std::string_view, 7> compared{"DTSTART",     "DTEND",    "SUMMARY", "STATUS",
                                                   "DESCRIPTION", "LOCATION", "URL"};

template <size_t N>
bool is_one_of(const CopyLine& line, const std::array<std::string_view, N>& names) {
    return std::any_of(names.begin(), names.end(), [&line](std::string_view name) { return line.is(name); });
}

int integer_of(const CopyLine* line) {
    return line == nullptr ? 0 : std::max(0, parse_integer(trimmed(line->value())).value_or(0));
}

bool is_client(const CopyLine& attendee) {
    const auto agent = find_parameter(attendee.parameters(), "SCHEDULE-AGENT");
    return agent && !agent->empty() && !equal_ignoring_case(*agent, "SERVER");
}

bool is_in(const std::vector<MemberId>& members, const MemberId& member) {
    return std::find(members.begin(), members.end(), member) != members.end();
}

const CopyLine* attendee_of(const CopyDocument& document, const MemberId& member) {
    const auto found = std::find_if(
        document.properties.begin(), document.properties.end(),
        [&member](const CopyLine& line) { return line.is("ATTENDEE") && line.member() == member; });
    return found == document.properties.end() ? nullptr : &*found;
}

// As nobody has touched it yet.
CopyDocument fresh_copy(const CopyOrder& order, int sequence) {
    InvitationEvent event = order.event;
    event.invitees.clear();
    for (const CopyInvitee& one : order.invitees) {
        event.invitees.push_back(one.invitee);
        event.invitees.back().status = ParticipationStatus::needs_action;
    }
    auto document = take_apart(write_invitation(event), event.uid);
    assert(document && "what we write we read");
    for (CopyLine& line : document->properties) {
        if (line.is("SEQUENCE")) line = CopyLine("SEQUENCE:" + std::to_string(sequence));
        if (!line.is("ATTENDEE")) continue;
        const auto member = line.member();
        const bool by_client = std::any_of(
            order.invitees.begin(), order.invitees.end(),
            [&member](const CopyInvitee& one) { return one.by_client && one.invitee.member == member; });
        if (by_client) line = line.with_parameters({}, ";SCHEDULE-AGENT=CLIENT");
    }
    document->properties.push_back(
        CopyLine(std::string(our_sequence) + ':' + std::to_string(event.sequence)));
    return std::move(*document);
}

int revision_of(const CopyDocument& stored) {
    const CopyLine* written = stored.find(our_sequence);
    return integer_of(written != nullptr ? written : stored.find("SEQUENCE"));
}

// One change of a stored copy.
class Merger {
public:
    Merger(CopyDocument stored, const CopyOrder& order)
        : stored_(std::move(stored)),
          order_(order),
          revision_(revision_of(stored_)),
          fresh_(fresh_copy(order, next_sequence())) {}

    std::optional<std::string> merge() {
        CopyDocument merged;
        merged.head = stored_.head;
        merged.zones = fresh_.zones;
        for (auto& zone : stored_.zones) {
            if (!has_zone(fresh_, zone)) merged.zones.push_back(zone);
        }
        merged.parts = stored_.parts;
        merged.others = stored_.others;
        for (const CopyLine& line : stored_.properties) {
            if (keeps(line)) merged.properties.push_back(line);
        }
        for (const CopyLine& line : fresh_.properties) {
            if (line.is("ATTENDEE") || line.is("CREATED")) continue;
            merged.properties.push_back(line.is("ORGANIZER") ? organizer(line) : line);
        }
        if (stored_.find("CREATED") == nullptr && fresh_.find("CREATED") != nullptr)
            merged.properties.push_back(*fresh_.find("CREATED"));
        add_attendees(merged.properties);
        if (is_current()) return std::nullopt;
        return merged.bytes();
    }

private:
    // Attendees take a change for one only where it is greater (RFC 5546 2.1.4); put again, it is the same.
    int next_sequence() const {
        const int stored = integer_of(stored_.find("SEQUENCE"));
        if (revision_ == order_.event.sequence) return std::max(stored, order_.event.sequence);
        return std::max(order_.event.sequence, stored < 999'999'999 ? stored + 1 : stored);
    }

    static bool has_zone(const CopyDocument& document, const std::vector<CopyLine>& zone) {
        const auto id_of = [](const std::vector<CopyLine>& lines) {
            const auto found = std::find_if(lines.begin(), lines.end(),
                                            [](const CopyLine& line) { return line.is("TZID"); });
            return found == lines.end() ? std::string() : std::string(found->value());
        };
        return std::any_of(document.zones.begin(), document.zones.end(),
                           [&](const auto& one) { return id_of(one) == id_of(zone); });
    }

    bool keeps(const CopyLine& line) const {
        if (is_one_of(line, ours) || is_one_of(line, superseded)) return false;
        return !is_one_of(line, ours_if_said) || fresh_.find(line.name()) == nullptr;
    }

    CopyLine organizer(const CopyLine& our_line) const {
        const CopyLine* stored = stored_.find("ORGANIZER");
        return stored != nullptr && stored->member() == our_line.member() ? *stored : our_line;
    }

    void add_attendees(std::vector<CopyLine>& properties) const {
        for (const CopyLine& line : fresh_.properties) {
            if (line.is("ATTENDEE")) properties.push_back(attendee(line));
        }
        for (const CopyLine& line : stored_.properties) {
            if (!line.is("ATTENDEE")) continue;
            const auto member = line.member();
            const bool is_ours =
                member && (attendee_of(fresh_, *member) != nullptr || is_in(order_.told, *member));
            if (!is_ours) properties.push_back(line);
        }
    }

    // Our parameters first; what the server and the attendee said behind them.
    CopyLine attendee(const CopyLine& our_line) const {
        const MemberId member = our_line.member().value();
        const CopyLine* stored = attendee_of(stored_, member);
        if (stored == nullptr) return our_line;
        const auto invitee =
            std::find_if(order_.invitees.begin(), order_.invitees.end(),
                         [&member](const CopyInvitee& one) { return one.invitee.member == member; });
        std::vector<std::string_view> replaced{"CUTYPE", "ROLE", "RSVP", "CN"};
        std::vector<std::string_view> theirs{"PARTSTAT"};
        if (invitee->asked_sequence > revision_) {
            replaced.push_back("PARTSTAT");
            theirs.clear();
        }
        if (order_.server_schedules) theirs.push_back("SCHEDULE-AGENT");
        if (!order_.server_schedules) replaced.push_back("SCHEDULE-AGENT");
        const CopyLine kept = stored->with_parameters(replaced, "");
        return our_line.with_parameters(theirs, std::string(kept.parameters()));
    }

    // Values are compared, not lines: servers write parameters in their own order.
    bool is_current() const {
        if (revision_ != order_.event.sequence) return false;
        for (const std::string_view name : compared) {
            const CopyLine* mine = fresh_.find(name);
            const CopyLine* theirs = stored_.find(name);
            if (mine == nullptr) continue;
            // Servers escape in their own way too.
            if (theirs == nullptr || unescape_text(theirs->value()) != unescape_text(mine->value()))
                return false;
        }
        for (const CopyLine& line : fresh_.properties) {
            if (!line.is("ATTENDEE")) continue;
            const CopyLine* theirs = attendee_of(stored_, line.member().value());
            if (theirs == nullptr) return false;
            if (is_client(attendee(line)) != is_client(*theirs)) return false;
        }
        return std::none_of(
            stored_.properties.begin(), stored_.properties.end(), [this](const CopyLine& line) {
                const auto member = line.is("ATTENDEE") ? line.member() : std::nullopt;
                return member && attendee_of(fresh_, *member) == nullptr && is_in(order_.told, *member);
            });
    }

    const CopyDocument stored_;
    const CopyOrder& order_;
    const int revision_;
    const CopyDocument fresh_;
};

// 3.x: the attendee is unknown or cannot be asked; 5.x: the server could not deliver (RFC 6638 3.2.9).
bool is_failure(std::string_view status) { return status.starts_with("3.") || status.starts_with("5."); }

}  // namespace

std::string write_copy(const CopyOrder& order) { return fresh_copy(order, order.event.sequence).bytes(); }

std::optional<std::string> merge_copy(std::string_view stored, const CopyOrder& order) {
    auto document = take_apart(stored, order.event.uid);
    if (!document) return write_copy(order);
    return Merger(std::move(*document), order).merge();
}

Result<EventCopy> read_copy(std::string_view bytes, std::string_view uid) {
    const auto document = take_apart(bytes, uid);
    if (!document) return tl::unexpected(document.error());
    EventCopy copy;
    copy.sequence = revision_of(*document);
    for (const CopyLine& line : document->properties) {
        const auto member = line.is("ATTENDEE") ? line.member() : std::nullopt;
        if (!member) continue;
        CopyAttendee attendee;
        attendee.member = *member;
        attendee.status = read_participation(line.parameters());
        attendee.by_client = is_client(line);
        if (const auto status = find_parameter(line.parameters(), "SCHEDULE-STATUS"))
            attendee.unreachable = is_failure(*status);
        copy.attendees.push_back(std::move(attendee));
    }
    return copy;
}

}  // namespace watchbill::ical
