#include "ical/reader.h"

#include <libical/ical.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "ical/component_scan.h"
#include "ical/decode.h"
#include "ical/free_busy.h"
#include "ical/limits.h"
#include "ical/series.h"
#include "ical/zone_names.h"

namespace watchbill::ical {

namespace {

// What the METHOD of a VCALENDAR makes of its events (RFC 5546 1.4).
enum class MethodMeaning { publishes, cancels, answers };

MethodMeaning method_of(const ComponentTree& tree, const Component& calendar) {
    const Property* method = tree.find(calendar, PropertyName::method);
    if (method == nullptr) return MethodMeaning::publishes;
    if (equal_ignoring_case(method->value, "CANCEL")) return MethodMeaning::cancels;
    for (const char* answer : {"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"}) {
        if (equal_ignoring_case(method->value, answer)) return MethodMeaning::answers;
    }
    return MethodMeaning::publishes;
}

void warn_of_bytes(const UnfoldedText& text, WarningLog& warnings) {
    if (text.was_utf16) warnings.add("not_utf8", "the calendar is UTF-16; it was converted");
    if (text.nul_bytes > 0) {
        warnings.add("nul_bytes", std::to_string(text.nul_bytes) + " NUL bytes in the calendar were dropped");
    }
    if (text.broken_lines > 0) {
        warnings.add("broken_lines", std::to_string(text.broken_lines) +
                                         " lines are neither a property nor folded; they were joined to the "
                                         "line before or dropped");
    }
}

class Reading {
public:
    Reading(const ComponentTree& tree, const ReadRequest& request, WarningLog& warnings)
        : tree_(tree),
          window_(request.window),
          warnings_(warnings),
          // Ends and shifted instances may lie after the window.
          zones_(tree, request.zone, request.window, request.window.end + std::chrono::days(366), budget_,
                 warnings),
          context_{tree, request.zone, zones_, budget_, warnings} {}

    Result<std::vector<Occurrence>> run() {
        collect();
        if (auto expanded = expand_events(); !expanded) return tl::unexpected(std::move(expanded.error()));
        for (const uint32_t component : free_busy_) {
            read_free_busy(component, window_, context_, occurrences_);
        }
        read_availabilities(availabilities_, window_, context_, occurrences_);
        if (auto within = check_bounds(); !within) return tl::unexpected(std::move(within.error()));
        sort();
        return std::move(occurrences_);
    }

private:
    void collect() {
        const auto& components = tree_.components();
        MethodMeaning method = MethodMeaning::publishes;
        for (uint32_t index = 0; index < components.size(); ++index) {
            const Component& component = components[index];
            if (component.type == ComponentType::calendar) {
                method = method_of(tree_, component);
                if (method == MethodMeaning::answers) {
                    warnings_.add("ignored_method",
                                  "a VCALENDAR in the file answers an invitation (METHOD " +
                                      quoted(tree_.find(component, PropertyName::method)->value) +
                                      "); its events were ignored");
                }
            }
            if (method == MethodMeaning::answers) continue;
            switch (component.type) {
                case ComponentType::event: collect_event(index, method == MethodMeaning::cancels); break;
                case ComponentType::free_busy: free_busy_.push_back(index); break;
                case ComponentType::availability: availabilities_.push_back(index); break;
                default: break;
            }
        }
    }

    void collect_event(uint32_t component, bool cancels) {
        if (auto event = read_event(tree_, component, cancels, warnings_)) {
            if (event->uid.empty()) {
                warnings_.add("missing_uid", label_of(tree_, *event) + " has no UID; it was read on its own");
            }
            events_.push_back(*event);
        }
    }

    // Events of one UID belong together, wherever in the file they are. Sorting rather than hashing: nobody
    // can choose UIDs that make it slow.
    Result<void> expand_events() {
        std::vector<const Event*> ordered;
        ordered.reserve(events_.size());
        for (const Event& event : events_) ordered.push_back(&event);
        std::stable_sort(ordered.begin(), ordered.end(),
                         [](const Event* a, const Event* b) { return a->uid < b->uid; });
        const InstanceSink sink = [this](const Instance& instance) { add(instance); };
        std::vector<const Event*> group;
        for (auto first = ordered.begin(); first != ordered.end();) {
            group.assign(1, *first++);
            while (first != ordered.end() && !group.front()->uid.empty() &&
                   (*first)->uid == group.front()->uid) {
                group.push_back(*first++);
            }
            expand_series(group, window_, context_, sink);
            if (auto within = check_bounds(); !within) return within;
        }
        return {};
    }

    void add(const Instance& instance) {
        // Instances of one event come out together.
        if (details_of_ != &instance.event) {
            details_ = read_details(tree_, instance.event, instance.master, warnings_);
            details_of_ = &instance.event;
        }
        occurrences_.push_back(
            {details_, instance.recurrence_id, instance.placed.when, instance.placed.all_day});
    }

    Result<void> check_bounds() const {
        if (budget_.file_exhausted()) {
            return fail(ErrorCode::timeout,
                        "the calendar's recurrence rules take too long to work out; remove the odd ones");
        }
        if (occurrences_.size() > limits::occurrences) {
            return fail(ErrorCode::too_large,
                        "the calendar has more than " + std::to_string(limits::occurrences) +
                            " occurrences in the time asked for; ask for less or remove the odd ones");
        }
        return {};
    }

    void sort() {
        const auto order = [](const Occurrence& occurrence) {
            return std::tie(occurrence.when.start, occurrence.when.end, occurrence.event->uid,
                            occurrence.recurrence_id);
        };
        std::stable_sort(occurrences_.begin(), occurrences_.end(),
                         [&](const Occurrence& a, const Occurrence& b) { return order(a) < order(b); });
    }

    const ComponentTree& tree_;
    const Interval window_;
    WarningLog& warnings_;
    WorkBudget budget_;
    ZoneTable zones_;
    ReadContext context_;
    std::vector<Event> events_;
    std::vector<uint32_t> free_busy_;
    std::vector<uint32_t> availabilities_;
    std::vector<Occurrence> occurrences_;
    std::shared_ptr<const EventDetails> details_;
    const Event* details_of_ = nullptr;
};

}  // namespace

void initialise() {
    icalerror_set_errors_are_fatal(0);
    icaltimezone_get_builtin_timezones();
}

Result<CalendarReading> read_calendar(std::string_view bytes, const ReadRequest& request) {
    if (is_html_page(bytes)) {
        return fail(ErrorCode::not_a_calendar,
                    "this is no iCalendar but " + describe_content(bytes) + "; check the address");
    }
    auto text = unfold(bytes);
    if (!text) return tl::unexpected(std::move(text.error()));
    WarningLog warnings;
    warn_of_bytes(*text, warnings);
    auto tree = scan_components(text->lines, warnings);
    if (!tree && tree.error().code == ErrorCode::not_a_calendar) {
        return fail(ErrorCode::not_a_calendar,
                    "this is no iCalendar but " + describe_content(bytes) + ": " + tree.error().message);
    }
    if (!tree) return tl::unexpected(std::move(tree.error()));

    auto occurrences = Reading(*tree, request, warnings).run();
    if (!occurrences) return tl::unexpected(std::move(occurrences.error()));
    return CalendarReading{std::move(*occurrences), warnings.take()};
}

}  // namespace watchbill::ical
