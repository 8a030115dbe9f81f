#include "ical/warning_log.h"

#include <utility>

#include "ical/decode.h"
#include "ical/limits.h"

namespace watchbill::ical {

void WarningLog::add(std::string_view code, std::string message) {
    if (warnings_.size() >= limits::warnings) {
        ++left_out_;
        return;
    }
    warnings_.push_back({std::string(code), std::move(message)});
}

void WarningLog::add_once(std::string_view code, std::string message) {
    if (said_once_.emplace(code).second) add(code, std::move(message));
}

std::vector<CalendarWarning> WarningLog::take() {
    if (left_out_ > 0) {
        warnings_.push_back({"more_warnings", std::to_string(left_out_) +
                                                  " further warnings about this calendar were left "
                                                  "out; correct the first ones and read it again"});
        left_out_ = 0;
    }
    return std::exchange(warnings_, {});
}

std::string quoted(std::string_view text) {
    constexpr size_t longest = 80;  // UIDs of Outlook have 112 characters, of which the first tell them apart
    const std::string clean = people_text(cut_text(text, 4 * longest)).text;
    std::string_view cut(clean);
    const bool is_long = cut.size() > longest;
    if (is_long) cut = cut_text(cut, longest);
    return '"' + std::string(cut) + (is_long ? "...\"" : "\"");
}

std::string event_label(std::string_view uid, std::string_view start) {
    std::string label = uid.empty() ? "the event without UID" : "event " + quoted(uid);
    if (start.empty()) return label + " (without start)";
    const std::string clean = people_text(cut_text(start, 40)).text;
    return label + " (start " + clean + ")";
}

}  // namespace watchbill::ical
