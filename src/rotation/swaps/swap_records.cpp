#include "rotation/swaps/swap_records.h"

#include <algorithm>

namespace watchbill {

namespace {

constexpr std::ptrdiff_t most_gone = 20;

}  // namespace

std::string event_uid(std::string_view uid) {
    std::string plain;
    for (const char c : uid) {
        if (static_cast<unsigned char>(c) <= ' ') continue;
        plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return plain;
}

std::string swap_event_name(std::string_view uid, std::string_view recurrence_id) {
    std::string name(uid);
    if (!recurrence_id.empty()) name.append("#").append(recurrence_id);
    return event_uid(name);
}

std::string swap_event_name(const SwapEvent& event) {
    return swap_event_name(event.uid, event.recurrence_id);
}

bool names_event_of(std::string_view name, std::string_view uid) {
    const std::string plain = event_uid(uid);
    const std::string known = event_uid(name);
    return !plain.empty() && known.starts_with(plain) &&
           (known.size() == plain.size() || known[plain.size()] == '#');
}

const SwapEventRecord* find_record(const std::vector<SwapEventRecord>& records, const std::string& name) {
    const auto found = std::find_if(records.begin(), records.end(), [&name](const SwapEventRecord& record) {
        return event_uid(record.name) == name;
    });
    return found == records.end() ? nullptr : &*found;
}

std::vector<SwapReply> replies_to_event(const std::vector<SwapReply>& replies,
                                        const std::vector<SwapEventRecord>& records, const SwapEvent& event) {
    const std::string name = swap_event_name(event);
    const SwapEventRecord* record = find_record(records, name);
    // One that is back after it was gone is in a round in which nobody can have answered yet.
    if (record == nullptr || record->gone) return {};
    std::vector<SwapReply> found;
    for (const SwapReply& reply : replies) {
        if (event_uid(reply.event) == name && reply.round == record->round) found.push_back(reply);
    }
    // An answer that does not say to which event it is counts while there has been but one.
    if (records.size() > 1 || record->round > 0) return found;
    for (const SwapReply& reply : replies) {
        const bool answered_since = std::any_of(found.begin(), found.end(), [&reply](const SwapReply& newer) {
            return newer.member == reply.member;
        });
        if (reply.event.empty() && !answered_since) found.push_back(reply);
    }
    return found;
}

std::vector<SwapEventRecord> next_records(const std::vector<SwapEventRecord>& before,
                                          const std::vector<const SwapEvent*>& present,
                                          const std::vector<SwapEventRecord>& elsewhere,
                                          bool asks_otherwise) {
    std::vector<SwapEventRecord> records;
    for (const SwapEvent* event : present) {
        const std::string name = swap_event_name(*event);
        const auto same = std::find_if(records.begin(), records.end(),
                                       [&name](const SwapEventRecord& other) { return other.name == name; });
        // The same event in two of the organiser's calendars.
        if (same != records.end()) {
            same->sequence = std::max(same->sequence, event->sequence);
        } else {
            records.push_back({name, false, 0, event->sequence, 0});
        }
    }
    for (SwapEventRecord& record : records) {
        const SwapEventRecord* known = find_record(before, record.name);
        const bool returns = known != nullptr && known->gone;
        const SwapEventRecord* asked_for = known == nullptr            ? find_record(elsewhere, record.name)
                                           : returns || asks_otherwise ? known
                                                                       : nullptr;
        if (known != nullptr) {
            record.round = known->round + (returns ? 1 : 0);
            record.first_sequence = known->first_sequence;
        }
        if (asked_for != nullptr && record.sequence > asked_for->sequence)
            record.first_sequence = record.sequence;
    }
    // In an order that does not hang on that of the calendars.
    if (!records.empty())
        std::sort(records.begin() + 1, records.end(),
                  [](const SwapEventRecord& a, const SwapEventRecord& b) { return a.name < b.name; });
    const auto there_are = static_cast<std::ptrdiff_t>(records.size());
    for (const SwapEventRecord& known : before) {
        if (find_record(records, event_uid(known.name)) != nullptr) continue;
        records.push_back(known);
        records.back().name = event_uid(known.name);
        records.back().gone = true;
    }
    const std::ptrdiff_t too_many = std::ssize(records) - there_are - most_gone;
    // Those that went last stand first.
    if (too_many > 0) records.resize(records.size() - static_cast<size_t>(too_many));
    return records;
}

}  // namespace watchbill
