#include "ical/file_zone.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ical/values.h"

namespace watchbill::ical {

namespace {

// Two observances in the real world; files that list each change apart have a few hundred.
constexpr size_t most_observances = 2'000;
constexpr size_t most_onsets = 20'000;

// One STANDARD or DAYLIGHT: local times, told by the clock before it, at which an offset begins.
class Observance {
public:
    Observance(const ComponentTree& tree, const Component& component) : tree_(tree), component_(component) {
        for (const Property& property : tree.properties(component)) {
            switch (property.name) {
                case PropertyName::date_start: start_ = parse_time(property.value, ""); break;
                case PropertyName::zone_offset_from: from_ = parse_utc_offset(property.value); break;
                case PropertyName::zone_offset_to: to_ = parse_utc_offset(property.value); break;
                default: break;
            }
        }
    }

    // False when it means nothing or too much.
    bool add_onsets(Instant horizon, WorkBudget& budget, std::vector<FileZone::Onset>& onsets) const {
        if (!start_ || !to_) return false;
        std::vector<LocalTime> times = {start_->local};
        for (const Property& property : tree_.properties(component_)) {
            if (property.name == PropertyName::rule && !add_rule(property.value, horizon, budget, times)) {
                return false;
            }
            if (property.name == PropertyName::recurrence_dates) add_dates(property, times);
        }
        const Duration from = from_.value_or(*to_);
        for (const LocalTime time : times) {
            onsets.push_back({Instant(time.time_since_epoch() - from), from, *to_});
        }
        return onsets.size() <= most_onsets;
    }

private:
    bool add_rule(std::string_view text, Instant horizon, WorkBudget& budget,
                  std::vector<LocalTime>& times) const {
        const auto parsed = parse_rule(text);
        // Zones change by yearly rules. What changes each day or second is an attack.
        if (!parsed || parsed->rule.frequency < Frequency::monthly) return false;
        const Rule& rule = parsed->rule;
        RuleRun run{start_->local, false, LocalTime::max()};
        if (rule.until) {
            run.last = rule.until->local;
            if (rule.until->form == TimeValue::Form::utc) run.last += from_.value_or(*to_);
            if (rule.until->form == TimeValue::Form::date) run.last += std::chrono::days(1) - Duration(1);
        }
        // Outlook begins in 1601. Nobody's calendar needs the changes before 1970, except that of a rule
        // which ended earlier, and then the last of them is not worth the work either.
        constexpr LocalTime oldest = LocalTime(Day(std::chrono::year(1969) / 1 / 1));
        const LocalTime end(horizon.time_since_epoch());
        const LocalTime first = rule.count ? run.start : std::max(run.start, oldest);
        return expand(rule, run, {first, end}, budget, times) == ExpansionEnd::complete;
    }

    static void add_dates(const Property& property, std::vector<LocalTime>& times) {
        std::string_view rest = property.value;
        while (!rest.empty() && times.size() < most_onsets) {
            if (const auto time = parse_time(next_item(rest, ','), "")) times.push_back(time->local);
        }
    }

    const ComponentTree& tree_;
    const Component& component_;
    std::optional<TimeValue> start_;
    std::optional<Duration> from_;
    std::optional<Duration> to_;
};

}  // namespace

FileZone::FileZone(std::vector<Onset> onsets) : onsets_(std::move(onsets)) {
    assert(!onsets_.empty());
    std::stable_sort(onsets_.begin(), onsets_.end(),
                     [](const Onset& a, const Onset& b) { return a.at < b.at; });
    first_offset_ = onsets_.front().before;
}

Instant FileZone::to_instant(LocalTime local) const {
    const Duration wall = local.time_since_epoch();
    // A gap ends, and an overlap's first pass ends, when the wall clock has reached the onset by both
    // offsets.
    const auto next = std::partition_point(onsets_.begin(), onsets_.end(), [wall](const Onset& onset) {
        return onset.at.time_since_epoch() + std::max(onset.before, onset.after) <= wall;
    });
    const Duration offset = next == onsets_.begin() ? first_offset_ : std::prev(next)->after;
    return Instant(wall - offset);
}

LocalTime FileZone::to_local(Instant instant) const {
    const auto next = std::partition_point(onsets_.begin(), onsets_.end(),
                                           [instant](const Onset& onset) { return onset.at <= instant; });
    const Duration offset = next == onsets_.begin() ? first_offset_ : std::prev(next)->after;
    return LocalTime(instant.time_since_epoch() + offset);
}

std::optional<Instant> FileZone::next_onset(Instant instant) const {
    const auto next = std::partition_point(onsets_.begin(), onsets_.end(),
                                           [instant](const Onset& onset) { return onset.at <= instant; });
    return next == onsets_.end() ? std::nullopt : std::optional(next->at);
}

std::optional<FileZone> read_file_zone(const ComponentTree& tree, uint32_t time_zone, Instant horizon,
                                       WorkBudget& budget) {
    std::vector<FileZone::Onset> onsets;
    size_t observances = 0;
    // A component's parts follow it, up to the next component that is not inside it.
    for (size_t at = size_t{time_zone} + 1; at < tree.components().size(); ++at) {
        const Component& component = tree.components()[at];
        if (component.parent != time_zone) break;
        if (component.type != ComponentType::standard && component.type != ComponentType::daylight) continue;
        if (++observances > most_observances) return std::nullopt;
        if (!Observance(tree, component).add_onsets(horizon, budget, onsets)) return std::nullopt;
    }
    if (onsets.empty()) return std::nullopt;
    return FileZone(std::move(onsets));
}

bool say_the_same(const ComponentTree& tree, uint32_t time_zone, uint32_t other) {
    const auto& components = tree.components();
    for (size_t part = 1;; ++part) {
        const size_t a = time_zone + part;
        const size_t b = other + part;
        const bool a_ends = a >= components.size() || components[a].parent != time_zone;
        const bool b_ends = b >= components.size() || components[b].parent != other;
        if (a_ends || b_ends) return a_ends && b_ends;
        if (components[a].type != components[b].type) return false;
        const PropertyRange of_a = tree.properties(components[a]);
        const PropertyRange of_b = tree.properties(components[b]);
        auto at_a = of_a.begin();
        auto at_b = of_b.begin();
        for (; at_a != of_a.end() && at_b != of_b.end(); ++at_a, ++at_b) {
            const Property& one = *at_a;
            const Property& two = *at_b;
            if (one.name != two.name || one.value != two.value) return false;
        }
        if (at_a != of_a.end() || at_b != of_b.end()) return false;
    }
}

}  // namespace watchbill::ical
