// A stored event as the lines it is made of, to be changed line by line. Internal to src/ical.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/member_id.h"
#include "watchbill/result.h"

namespace watchbill::ical {

// "NAME;PARAMETERS:VALUE", unfolded: valid UTF-8 without control characters.
class CopyLine {
public:
    explicit CopyLine(std::string text);

    const std::string& text() const { return text_; }
    std::string_view name() const { return std::string_view(text_).substr(0, name_end_); }
    std::string_view parameters() const {  // with the semicolon in front, or ""
        return std::string_view(text_).substr(name_end_, value_begin_ - name_end_);
    }
    std::string_view value() const;
    bool is(std::string_view name) const;

    // Without the parameters of these names, and with `added` (";A=B") behind the others.
    CopyLine with_parameters(const std::vector<std::string_view>& dropped, const std::string& added) const;
    // Of ATTENDEE and ORGANIZER.
    std::optional<MemberId> member() const;

private:
    std::string text_;
    std::size_t name_end_ = 0;
    std::size_t value_begin_ = 0;  // of the colon; the text's end where there is none
};

// One VCALENDAR whose event of one UID is taken apart.
struct CopyDocument {
    std::vector<CopyLine> head;                // properties of the VCALENDAR, without METHOD
    std::vector<std::vector<CopyLine>> zones;  // each VTIMEZONE, whole
    std::vector<CopyLine> properties;          // of the event itself
    std::vector<CopyLine> parts;               // alarms and the like, whole, one after the other
    std::vector<CopyLine> others;              // all other components: overrides of single instances

    const CopyLine* find(std::string_view name) const;  // of the event; null when there is none
    std::string bytes() const;
};

// Errors: not_a_calendar, too_large; refused: no event of that UID, or more than one.
Result<CopyDocument> take_apart(std::string_view bytes, std::string_view uid);

}  // namespace watchbill::ical
