#include "rotation/planning/coverage.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "rotation/planning/shifts.h"
#include "time/interval_set.h"
#include "time/zone.h"

namespace watchbill {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;

// In a circle, a pause of this length is a night off. What clocks or a slip of configuration make is shorter:
// two zones that change their clocks on different days differ by 1 h for a while.
constexpr Duration shortest_night = std::chrono::hours(4);

// A rotation repeats weekly, and a shift lasts a week at most: so far beyond the window do shifts matter.
constexpr days reach{8};

size_t weekday_of(Day day) { return std::chrono::weekday(day).c_encoding(); }

minutes since(Day midnight, LocalTime local) { return floor<minutes>(local - LocalTime(midnight)); }

// Equal findings as one: dates on which they hold, without an interruption on one of their weekdays.
template <typename What>
struct Run {
    What what;
    DaySpan dates;
    Weekdays weekdays{};
    bool every_shift = true;
    bool throughout = false;
};

template <typename What>
using Dated = std::vector<std::pair<Day, std::optional<What>>>;  // one entry a shift, by date

template <typename What>
Run<What> run_from(const Dated<What>& shifts, size_t first, size_t last) {
    Run<What> run{*shifts[first].second, {shifts[first].first, shifts[last].first + days(1)}};
    for (size_t i = first; i <= last; ++i) {
        const auto& [day, what] = shifts[i];
        if (what == run.what) {
            run.weekdays.at(weekday_of(day)) = true;
        } else {
            run.every_shift = false;
        }
    }
    return run;
}

template <typename What>
std::vector<Run<What>> runs_of_one(const Dated<What>& shifts, const What& what) {
    Weekdays weekdays{};
    for (const auto& [day, found] : shifts) {
        if (found == what) weekdays.at(weekday_of(day)) = true;
    }
    std::vector<Run<What>> runs;
    std::optional<std::pair<size_t, size_t>> open;
    bool interrupted = false;
    const auto close = [&] {
        if (open) runs.push_back(run_from(shifts, open->first, open->second));
        open.reset();
    };
    for (size_t i = 0; i < shifts.size(); ++i) {
        if (shifts[i].second == what) {
            open = {open ? open->first : i, i};
        } else if (weekdays.at(weekday_of(shifts[i].first))) {
            interrupted = true;
            close();
        }
    }
    close();
    for (Run<What>& run : runs) run.throughout = !interrupted;
    return runs;
}

template <typename What>
std::vector<Run<What>> runs_of(const Dated<What>& shifts) {
    std::set<What> different;
    for (const auto& [day, what] : shifts) {
        if (what) different.insert(*what);
    }
    std::vector<Run<What>> runs;
    for (const What& what : different) {
        for (Run<What>& run : runs_of_one(shifts, what)) runs.push_back(std::move(run));
    }
    std::stable_sort(runs.begin(), runs.end(),
                     [](const Run<What>& a, const Run<What>& b) { return a.dates < b.dates; });
    return runs;
}

template <typename What>
CoverageFinding finding_of(CoverageKind kind, const Rotation& from, const Rotation& to,
                           const Run<What>& run) {
    CoverageFinding finding;
    finding.kind = kind;
    finding.from = from.name;
    finding.to = to.name;
    finding.dates = run.dates;
    finding.weekdays = run.weekdays;
    finding.every_shift = run.every_shift;
    finding.throughout = run.throughout;
    return finding;
}

// What is wrong with one hand-over; the same on all dates that make one finding.
struct Misfit {
    CoverageKind kind = CoverageKind::gap;
    Duration length{};
    Duration unscheduled{};
    minutes ends{};
    minutes starts{};
    minutes starts_there{};
    auto operator<=>(const Misfit&) const = default;
};

class CoverageCheck {
public:
    CoverageCheck(const Team& team, DaySpan window) : team_(team), window_(window) {
        std::vector<Interval> all;
        for (const Rotation& rotation : team.rotations) {
            std::vector<Shift>& shifts = shifts_[rotation.name];
            shifts = shifts_of(rotation, {window.first - reach, window.end + reach});
            for (const Shift& shift : shifts) all.push_back(shift.when);
        }
        scheduled_ = IntervalSet(std::move(all));
    }

    std::vector<CoverageFinding> findings() const {
        std::vector<CoverageFinding> findings;
        for (const Rotation& rotation : team_.rotations) add_handovers(rotation, findings);
        for (auto first = team_.rotations.begin(); first != team_.rotations.end(); ++first) {
            for (auto second = first + 1; second != team_.rotations.end(); ++second)
                add_shared_members(*first, *second, findings);
        }
        const bool follows_the_sun =
            std::any_of(team_.rotations.begin(), team_.rotations.end(),
                        [this](const Rotation& rotation) { return is_in_circle(rotation); });
        if (follows_the_sun) add_free_times(findings);
        return findings;
    }

private:
    const Rotation* successor(const Rotation& rotation) const {
        return rotation.hands_over_to.empty() ? nullptr : team_.find_rotation(rotation.hands_over_to);
    }

    bool is_in_circle(const Rotation& rotation) const {
        const Rotation* next = successor(rotation);
        for (size_t steps = 0; next != nullptr && steps < team_.rotations.size(); ++steps) {
            if (next == &rotation) return true;
            next = successor(*next);
        }
        return false;
    }

    bool in_window(const Shift& shift) const {
        return window_.first <= shift.key.date && shift.key.date < window_.end;
    }

    // The one that runs at the instant, else the next to start: to whom handovers_of (on_duty.h) hands over.
    const Shift* running_or_next(const Rotation& rotation, Instant at) const {
        const std::vector<Shift>& shifts = shifts_.at(rotation.name);
        const auto found = std::partition_point(shifts.begin(), shifts.end(),
                                                [at](const Shift& shift) { return shift.when.end <= at; });
        return found == shifts.end() ? nullptr : &*found;
    }

    void add_handovers(const Rotation& from, std::vector<CoverageFinding>& findings) const {
        const Rotation* to = successor(from);
        if (to == nullptr) return;
        const Zone zone = Zone::get(from.zone);
        Dated<Misfit> misfits;
        for (const Shift& shift : shifts_.at(from.name)) {
            if (in_window(shift)) misfits.emplace_back(zone.day_of(shift.when.end), misfit(from, shift, *to));
        }
        for (const Run<Misfit>& run : runs_of(misfits)) {
            CoverageFinding& finding = findings.emplace_back(finding_of(run.what.kind, from, *to, run));
            finding.length = run.what.length;
            finding.unscheduled = run.what.unscheduled;
            finding.ends = run.what.ends;
            finding.starts = run.what.starts;
            finding.starts_there = run.what.starts_there;
        }
    }

    std::optional<Misfit> misfit(const Rotation& from, const Shift& shift, const Rotation& to) const {
        const Instant end = shift.when.end;
        const Shift* next = running_or_next(to, end);
        if (next == nullptr || next->when.start == end) return std::nullopt;
        const Zone zone = Zone::get(from.zone);
        const Day day = zone.day_of(end);
        Misfit found;
        found.ends = since(day, zone.to_local(end));
        found.starts = since(day, Zone::get(to.zone).to_local(next->when.start));
        found.starts_there = since(day, zone.to_local(next->when.start));
        if (next->when.start < end) {
            found.kind = CoverageKind::overlap;
            found.length = intersection(shift.when, next->when).length();
            return found;
        }
        const Interval gap{end, next->when.start};
        // The night off, told once by add_free_times.
        if (gap.length() >= shortest_night && is_in_circle(from)) return std::nullopt;
        const Duration scheduled = scheduled_.overlap_length(gap);
        found.length = found.starts_there - found.ends;
        if (scheduled < gap.length()) found.unscheduled = found.length - scheduled;
        return found;
    }

    void add_shared_members(const Rotation& first, const Rotation& second,
                            std::vector<CoverageFinding>& findings) const {
        std::vector<MemberId> members;
        for (const MemberId& member : first.members) {
            const auto& others = second.members;
            if (std::find(others.begin(), others.end(), member) != others.end()) members.push_back(member);
        }
        if (members.empty()) return;
        std::vector<Interval> others;
        for (const Shift& shift : shifts_.at(second.name)) others.push_back(shift.when);
        const IntervalSet running(std::move(others));
        Dated<bool> overlaps;
        for (const Shift& shift : shifts_.at(first.name)) {
            if (!in_window(shift)) continue;
            overlaps.emplace_back(shift.key.date,
                                  running.overlaps(shift.when) ? std::optional(true) : std::nullopt);
        }
        for (const Run<bool>& run : runs_of(overlaps)) {
            findings.push_back(finding_of(CoverageKind::shared_members, first, second, run));
            findings.back().members = members;
        }
    }

    // Of all rotations' shifts, the last in the team's order that ends at `at`, or the first that starts.
    const Rotation* ending_at(Instant at) const {
        const Rotation* found = nullptr;
        for (const Rotation& rotation : team_.rotations) {
            for (const Shift& shift : shifts_.at(rotation.name)) {
                if (shift.when.end == at && in_window(shift)) found = &rotation;
            }
        }
        return found;
    }
    const Rotation* starting_at(Instant at) const {
        for (const Rotation& rotation : team_.rotations) {
            for (const Shift& shift : shifts_.at(rotation.name)) {
                if (shift.when.start == at) return &rotation;
            }
        }
        return nullptr;
    }

    void add_free_times(std::vector<CoverageFinding>& findings) const {
        CoverageFinding finding;
        finding.kind = CoverageKind::unscheduled;
        const std::vector<Interval>& busy = scheduled_.intervals();
        for (size_t i = 1; i < busy.size(); ++i) {
            const Interval pause{busy[i - 1].end, busy[i].start};
            if (pause.length() < shortest_night) continue;
            const Rotation* after = ending_at(pause.start);
            const Rotation* before = starting_at(pause.end);
            if (after != nullptr && before != nullptr)
                add_free_time(*after, *before, pause, finding.free_times);
        }
        if (finding.free_times.empty()) return;
        // Nights before weekends, whichever day the window begins with.
        std::stable_sort(finding.free_times.begin(), finding.free_times.end(),
                         [](const FreeTime& a, const FreeTime& b) { return a.starts < b.starts; });
        findings.push_back(std::move(finding));
    }

    static void add_free_time(const Rotation& after, const Rotation& before, Interval pause,
                              std::vector<FreeTime>& free_times) {
        const Zone zone = Zone::get(after.zone);
        const Day day = zone.day_of(pause.start);
        FreeTime added;
        added.after = after.name;
        added.before = before.name;
        added.ends = since(day, zone.to_local(pause.start));
        added.starts = since(day, Zone::get(before.zone).to_local(pause.end));
        const auto same = std::find_if(free_times.begin(), free_times.end(), [&](const FreeTime& known) {
            added.weekdays = known.weekdays;
            return known == added;
        });
        if (same == free_times.end()) {
            added.weekdays = {};
            added.weekdays.at(weekday_of(day)) = true;
            free_times.push_back(std::move(added));
        } else {
            same->weekdays.at(weekday_of(day)) = true;
        }
    }

    const Team& team_;
    const DaySpan window_;
    std::map<std::string, std::vector<Shift>> shifts_;  // by rotation; beyond the window on both sides
    IntervalSet scheduled_;                             // when any rotation has a shift
};

}  // namespace

std::vector<CoverageFinding> coverage_of(const Team& team, DaySpan window) {
    return CoverageCheck(team, window).findings();
}

}  // namespace watchbill
