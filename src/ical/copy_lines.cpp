#include "ical/copy_lines.h"

#include <algorithm>

#include "ical/content_lines.h"
#include "ical/decode.h"
#include "ical/event.h"
#include "ical/invitation_reader.h"
#include "ical/limits.h"
#include "ical/values.h"

namespace watchbill::ical {

namespace {

// Ours have some 40, with a person more in each further one; each is compared with each of our attendees.
constexpr size_t most_lines = 5'000;

// The colon that ends name and parameters; the line's length where there is none.
size_t find_colon(std::string_view line) {
    bool inside_quotes = false;
    for (size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '"') inside_quotes = !inside_quotes;
        if (line[at] == ':' && !inside_quotes) return at;
    }
    return line.size();
}

// The parameters one by one, each with its semicolon.
std::vector<std::string_view> split_parameters(std::string_view parameters) {
    std::vector<std::string_view> found;
    size_t begin = 0;
    bool inside_quotes = false;
    for (size_t at = 0; at <= parameters.size(); ++at) {
        const bool ends = at == parameters.size() || (parameters[at] == ';' && !inside_quotes);
        if (at < parameters.size() && parameters[at] == '"') inside_quotes = !inside_quotes;
        if (!ends || at == begin) continue;
        found.push_back(parameters.substr(begin, at - begin));
        begin = at;
    }
    return found;
}

std::string_view name_of_parameter(std::string_view parameter) {
    parameter.remove_prefix(1);
    return trimmed(parameter.substr(0, parameter.find('=')));
}

// One component with its property lines and its parts, whole, from BEGIN to END.
using Lines = std::vector<CopyLine>;

// Reads lines into components. A missing END is taken as said; what stands outside of a VCALENDAR is dropped.
class Splitter {
public:
    Result<std::vector<Lines>> split(std::string_view text, std::vector<CopyLine>& head) {
        std::vector<Lines> components;
        if (static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) > most_lines)
            return fail(ErrorCode::too_large, "the event in the calendar has more lines than an incident's");
        while (!text.empty()) {
            const size_t end = std::min(text.find('\n'), text.size());
            CopyLine line(printable_text(text.substr(0, end)).text);
            text.remove_prefix(std::min(end + 1, text.size()));
            const bool begins = line.is("BEGIN");
            if (begins && ++depth_ > limits::nesting_depth)
                return fail(ErrorCode::too_large, "the event's parts are nested too deeply");
            if (depth_ == 0) continue;
            if (begins && depth_ == 1 && !equal_ignoring_case(trimmed(line.value()), "VCALENDAR")) {
                return fail(ErrorCode::not_a_calendar, "this is no iCalendar");
            }
            const bool ends = line.is("END");
            if (depth_ == 1 && !begins && !ends && !line.is("METHOD")) head.push_back(line);
            if (depth_ == 2 && begins) components.emplace_back();
            if (depth_ >= 2) components.back().push_back(std::move(line));
            if (ends) --depth_;
        }
        while (depth_ >= 2) {
            components.back().push_back(CopyLine("END:" + std::string(innermost(components.back()))));
            --depth_;
        }
        return components;
    }

private:
    // Of what was begun and not ended, the last.
    static std::string_view innermost(const Lines& lines) {
        std::vector<std::string_view> open;
        for (const CopyLine& line : lines) {
            if (line.is("BEGIN")) open.push_back(line.value());
            if (line.is("END") && !open.empty()) open.pop_back();
        }
        return open.empty() ? std::string_view("VEVENT") : open.back();
    }

    size_t depth_ = 0;
};

// Calls `use` with each property of the component itself.
template <typename Use>
void for_each_property(const Lines& component, Use&& use) {
    int depth = 0;
    for (const CopyLine& line : component) {
        if (line.is("BEGIN")) ++depth;
        if (depth == 1 && !line.is("BEGIN") && !line.is("END")) use(line);
        if (line.is("END")) --depth;
    }
}

bool is_component(const Lines& lines, std::string_view name) {
    return equal_ignoring_case(trimmed(lines.front().value()), name);
}

bool is_master_of(const Lines& component, std::string_view uid) {
    if (!is_component(component, "VEVENT")) return false;
    bool same = false;
    bool is_override = false;
    for_each_property(component, [&](const CopyLine& line) {
        if (line.is("UID")) same = line.value() == uid || unescape_text(line.value()) == uid;
        if (line.is("RECURRENCE-ID")) is_override = true;
    });
    return same && !is_override;
}

void add(ContentLines& lines, const CopyLine& line) {
    // ContentLines puts the colon back between the two.
    const std::string_view text = line.text();
    const size_t name = line.name().size() + line.parameters().size();
    if (name < text.size()) lines.add(text.substr(0, name), line.value());
}

}  // namespace

CopyLine::CopyLine(std::string text) : text_(std::move(text)) {
    value_begin_ = find_colon(text_);
    name_end_ = std::min(text_.find(';'), value_begin_);
}

std::string_view CopyLine::value() const {
    return value_begin_ < text_.size() ? std::string_view(text_).substr(value_begin_ + 1)
                                       : std::string_view();
}

bool CopyLine::is(std::string_view wanted) const { return equal_ignoring_case(name(), wanted); }

CopyLine CopyLine::with_parameters(const std::vector<std::string_view>& dropped,
                                   const std::string& added) const {
    std::string text(name());
    for (const std::string_view parameter : split_parameters(parameters())) {
        const std::string_view its_name = name_of_parameter(parameter);
        const bool drop = std::any_of(dropped.begin(), dropped.end(), [its_name](std::string_view one) {
            return equal_ignoring_case(one, its_name);
        });
        if (!drop) text += parameter;
    }
    text += added;
    text += ':';
    text += value();
    return CopyLine(std::move(text));
}

std::optional<MemberId> CopyLine::member() const { return read_calendar_user(parameters(), value()); }

const CopyLine* CopyDocument::find(std::string_view name) const {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [name](const CopyLine& line) { return line.is(name); });
    return found == properties.end() ? nullptr : &*found;
}

std::string CopyDocument::bytes() const {
    ContentLines lines;
    const auto add_all = [&lines](const std::vector<CopyLine>& all) {
        for (const CopyLine& line : all) add(lines, line);
    };
    lines.add("BEGIN", "VCALENDAR");
    add_all(head);
    for (const auto& zone : zones) add_all(zone);
    lines.add("BEGIN", "VEVENT");
    add_all(properties);
    add_all(parts);
    lines.add("END", "VEVENT");
    add_all(others);
    lines.add("END", "VCALENDAR");
    return lines.bytes();
}

Result<CopyDocument> take_apart(std::string_view bytes, std::string_view uid) {
    if (bytes.size() > largest_invitation)
        return fail(ErrorCode::too_large, "the event in the calendar is larger than an invitation is");
    const auto text = unfold(bytes);
    if (!text) return tl::unexpected(text.error());
    CopyDocument document;
    auto components = Splitter().split(text->lines, document.head);
    if (!components) return tl::unexpected(std::move(components.error()));
    bool found = false;
    for (Lines& component : *components) {
        if (is_component(component, "VTIMEZONE")) {
            document.zones.push_back(std::move(component));
        } else if (!is_master_of(component, uid)) {
            std::move(component.begin(), component.end(), std::back_inserter(document.others));
        } else if (found) {
            return fail(ErrorCode::refused, "the calendar has the event twice");
        } else {
            found = true;
            int depth = 0;
            for (CopyLine& line : component) {
                if (line.is("BEGIN")) ++depth;
                const bool ends = line.is("END");
                const bool frame = depth == 1 && (line.is("BEGIN") || ends);
                if (!frame) (depth == 1 ? document.properties : document.parts).push_back(std::move(line));
                if (ends) --depth;
            }
        }
    }
    if (!found) return fail(ErrorCode::refused, "the calendar holds no event of this UID there");
    return document;
}

}  // namespace watchbill::ical
