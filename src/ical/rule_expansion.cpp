#include "ical/rule_expansion.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>

#include "ical/limits.h"

namespace watchbill::ical {

namespace {

using std::chrono::days;
using std::chrono::weekday;
using std::chrono::year_month_day;

int last_day_of(int year, int month) {
    return static_cast<int>(
        unsigned(std::chrono::year_month_day_last(
                     std::chrono::year(year),
                     std::chrono::month_day_last(std::chrono::month(static_cast<unsigned>(month))))
                     .day()));
}
int length_of(int year) { return std::chrono::year(year).is_leap() ? 366 : 365; }
Day day_at(int year, int month, int day) {
    return Day(year_month_day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))));
}
int year_of(Day day) { return int(year_month_day(day).year()); }

unsigned bit(int position) { return 1U << static_cast<unsigned>(position); }

bool holds(const std::vector<int>& list, int value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

// A day with all that BY parts ask of it.
struct DayFacts {
    Day day;
    int year;
    int month;
    int month_day;
    int month_length;
    int year_day;
    weekday week_day;
};

DayFacts facts_of(Day day) {
    const year_month_day date(day);
    const int year = int(date.year());
    const int month = static_cast<int>(unsigned(date.month()));
    return {day,
            year,
            month,
            static_cast<int>(unsigned(date.day())),
            last_day_of(year, month),
            static_cast<int>((day - day_at(year, 1, 1)).count()) + 1,
            weekday(day)};
}

Day week_start_of(Day day, weekday week_start) { return day - (weekday(day) - week_start); }

// The first day of week 1: the first week with at least four days in the year.
Day first_week_of(int year, weekday week_start) { return week_start_of(day_at(year, 1, 4), week_start); }

// Which days of a period a rule takes: a day must pass every BY part that is there, with what DTSTART adds
// where they say nothing.
class DayFilter {
public:
    DayFilter(const Rule& rule, Day start) : rule_(rule) {
        for (const int month : rule.by_month) months_ |= bit(month);
        for (const int day : rule.by_month_day) {
            if (day > 0) month_days_ |= bit(day);
            if (day < 0) month_days_from_end_ |= bit(-day);
        }
        // Ordinals mean something in months and years only.
        const bool ordinals = rule.frequency >= Frequency::monthly && rule.by_week_no.empty();
        for (const WeekdayInPeriod& part : rule.by_day) {
            if (part.ordinal == 0 || !ordinals) {
                week_days_ |= bit(static_cast<int>(part.day.c_encoding()));
            } else {
                nth_days_.push_back(part);
            }
        }
        nth_in_month_ = rule.frequency == Frequency::monthly || !rule.by_month.empty();
        take_from(start);
        const bool any_month_day = month_days_ == 0 && month_days_from_end_ == 0;
        only_week_days_ = months_ == 0 && any_month_day && rule.by_year_day.empty() &&
                          rule.by_week_no.empty() && nth_days_.empty();
    }

    bool takes(const DayFacts& facts) const {
        return takes_month(facts.month) && takes_month_day(facts) && takes_year_day(facts) &&
               takes_week_day(facts) && takes_week(facts);
    }
    bool takes_month(int month) const { return months_ == 0 || (months_ & bit(month)) != 0; }

    // How many days each whole week has; 0 when weeks differ.
    int days_in_each_week() const { return only_week_days_ ? std::popcount(week_days_) : 0; }
    bool takes_every_day() const { return only_week_days_ && week_days_ == 0; }

private:
    void take_from(Day start) {
        const bool none = rule_.by_month_day.empty() && rule_.by_year_day.empty() && rule_.by_day.empty();
        if (!none) return;
        const DayFacts facts = facts_of(start);
        switch (rule_.frequency) {
            case Frequency::yearly:
                if (!rule_.by_week_no.empty()) {
                    week_days_ = bit(static_cast<int>(facts.week_day.c_encoding()));
                    break;
                }
                if (months_ == 0) months_ = bit(facts.month);
                month_days_ = bit(facts.month_day);
                break;
            case Frequency::monthly: month_days_ = bit(facts.month_day); break;
            case Frequency::weekly: week_days_ = bit(static_cast<int>(facts.week_day.c_encoding())); break;
            default: break;
        }
    }

    bool takes_month_day(const DayFacts& facts) const {
        if (month_days_ == 0 && month_days_from_end_ == 0) return true;
        return (month_days_ & bit(facts.month_day)) != 0 ||
               (month_days_from_end_ & bit(facts.month_length - facts.month_day + 1)) != 0;
    }

    bool takes_year_day(const DayFacts& facts) const {
        if (rule_.by_year_day.empty()) return true;
        return holds(rule_.by_year_day, facts.year_day) ||
               holds(rule_.by_year_day, facts.year_day - length_of(facts.year) - 1);
    }

    bool takes_week_day(const DayFacts& facts) const {
        if (week_days_ == 0 && nth_days_.empty()) return true;
        if ((week_days_ & bit(static_cast<int>(facts.week_day.c_encoding()))) != 0) return true;
        const int place = nth_in_month_ ? facts.month_day : facts.year_day;
        const int length = nth_in_month_ ? facts.month_length : length_of(facts.year);
        const int nth = (place - 1) / 7 + 1;
        const int nth_from_end = -((length - place) / 7 + 1);
        return std::any_of(nth_days_.begin(), nth_days_.end(), [&](const WeekdayInPeriod& part) {
            return part.day == facts.week_day && (part.ordinal == nth || part.ordinal == nth_from_end);
        });
    }

    bool takes_week(const DayFacts& facts) const {
        if (rule_.by_week_no.empty()) return true;
        // The first days of January may belong to the last week of the year before, the last ones of December
        // to the first week of the year after.
        int year = facts.year;
        if (facts.day < first_week_of(year, rule_.week_start)) --year;
        if (facts.day >= first_week_of(year + 1, rule_.week_start)) ++year;
        const Day first = first_week_of(year, rule_.week_start);
        const auto weeks = static_cast<int>((first_week_of(year + 1, rule_.week_start) - first).count() / 7);
        const auto week = static_cast<int>((facts.day - first).count() / 7) + 1;
        return holds(rule_.by_week_no, week) || holds(rule_.by_week_no, week - weeks - 1);
    }

    const Rule& rule_;
    unsigned months_ = 0;
    unsigned month_days_ = 0;
    unsigned month_days_from_end_ = 0;
    unsigned week_days_ = 0;
    std::vector<WeekdayInPeriod> nth_days_;
    bool nth_in_month_ = false;
    bool only_week_days_ = false;
};

// Goes through a rule's periods (days, weeks, months or years) and takes their instances.
class Expander {
public:
    Expander(const Rule& rule, const RuleRun& run, const LocalRange& range, WorkBudget& budget,
             std::vector<LocalTime>& instances)
        : rule_(rule),
          run_(run),
          range_(range),
          budget_(budget),
          instances_(instances),
          start_day_(std::chrono::floor<days>(run.start)),
          filter_(rule, start_day_),
          left_(rule.count.value_or(0)) {
        // Nothing later than this can come out.
        stop_ = std::min(run.last, range.end);
        first_size_ = instances.size();
    }

    ExpansionEnd run() {
        if (!build_times()) return ExpansionEnd::too_much_work;
        int64_t period = rule_.count ? 0 : period_before_range();
        while (add_period(period)) {
            ++period;
            if (rule_.count) period = skip_whole_periods(period);
            period_days_.clear();
        }
        return end_;
    }

private:
    // The times of day at which instances start.
    bool build_times() {
        const LocalTime start_of_day(start_day_);
        const std::chrono::hh_mm_ss own(run_.start - start_of_day);
        if (run_.dates_only) {
            times_ = {Duration(0)};
            return true;
        }
        const auto or_own = [](const std::vector<int>& list, auto value) {
            return list.empty() ? std::vector<int>{static_cast<int>(value.count())} : list;
        };
        const auto hours = or_own(rule_.by_hour, own.hours());
        const auto minutes = or_own(rule_.by_minute, own.minutes());
        const auto seconds = or_own(rule_.by_second, own.seconds());
        if (!spend(hours.size() * minutes.size() * seconds.size())) return false;
        for (const int hour : hours) {
            for (const int minute : minutes) {
                for (const int second : seconds) {
                    times_.push_back(std::chrono::hours(hour) + std::chrono::minutes(minute) +
                                     Duration(std::min(second, 59)));  // a leap second is its minute's last
                }
            }
        }
        times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
        return true;
    }

    // The last period that surely ends before the range; all before it can be left out.
    int64_t period_before_range() const {
        if (range_.first <= run_.start) return 0;
        const Day to = std::chrono::floor<days>(range_.first);
        int64_t apart = 0;
        switch (rule_.frequency) {
            case Frequency::yearly: apart = year_of(to) - year_of(start_day_); break;
            case Frequency::monthly: apart = month_index(to) - month_index(start_day_); break;
            case Frequency::weekly:
                apart = (to - week_start_of(start_day_, rule_.week_start)).count() / 7;
                break;
            default: apart = (to - start_day_).count(); break;
        }
        return std::max<int64_t>(0, apart / rule_.interval - 1);
    }

    // With COUNT every instance from the start on counts, but where each period has as many as the next they
    // need not be looked at.
    int64_t skip_whole_periods(int64_t period) {
        if (period != 1 || !rule_.by_set_pos.empty()) return period;
        int64_t in_each = 0;
        if (rule_.frequency == Frequency::daily && filter_.takes_every_day()) in_each = 1;
        if (rule_.frequency == Frequency::weekly) in_each = filter_.days_in_each_week();
        const int64_t to = period_before_range();
        if (in_each == 0 || to <= period) return period;
        in_each *= static_cast<int64_t>(times_.size());
        left_ = std::max<int64_t>(0, left_ - (to - period) * in_each);
        return to;
    }

    static int64_t month_index(Day day) {
        const year_month_day date(day);
        return int64_t{int(date.year())} * 12 + unsigned(date.month()) - 1;
    }

    // False when nothing more can come.
    bool add_period(int64_t period) {
        const int64_t steps = period * rule_.interval;
        constexpr int last_year = 9999;  // RFC 3339 and 5545 write years in four digits
        switch (rule_.frequency) {
            case Frequency::yearly: {
                const int64_t year = year_of(start_day_) + steps;
                if (year > last_year) return false;
                return add_months(static_cast<int>(year), 1, 12);
            }
            case Frequency::monthly: {
                const int64_t index = month_index(start_day_) + steps;
                if (index / 12 > last_year) return false;
                const int month = static_cast<int>(index % 12) + 1;
                return add_months(static_cast<int>(index / 12), month, month);
            }
            case Frequency::weekly:
                return add_days(week_start_of(start_day_, rule_.week_start) + days(7 * steps), 7);
            default: return add_days(start_day_ + days(steps), 1);
        }
    }

    bool add_months(int year, int first, int last) {
        DayFacts facts = facts_of(day_at(year, first, 1));
        if (LocalTime(facts.day) > stop_) return false;
        if (!spend(1)) return false;
        for (int month = first; month <= last; ++month) {
            const int length = last_day_of(year, month);
            if (!filter_.takes_month(month)) {
                facts.day += days(length);
                facts.year_day += length;
                facts.week_day += days(length);
                continue;
            }
            if (!spend(static_cast<size_t>(length))) return false;
            facts.month = month;
            facts.month_length = length;
            for (facts.month_day = 1; facts.month_day <= length; ++facts.month_day) {
                if (filter_.takes(facts)) period_days_.push_back(facts.day);
                ++facts.day;
                ++facts.year_day;
                ++facts.week_day;
            }
        }
        return take_period();
    }

    bool add_days(Day first, int count) {
        if (LocalTime(first) > stop_) return false;
        if (!spend(static_cast<size_t>(count))) return false;
        for (Day day = first; day < first + days(count); ++day) {
            if (filter_.takes(facts_of(day))) period_days_.push_back(day);
        }
        return take_period();
    }

    bool take_period() {
        if (!rule_.by_set_pos.empty()) return take_positions();
        for (const Day day : period_days_) {
            // Days before the range matter only to COUNT.
            if (!rule_.count && LocalTime(day + days(1)) <= range_.first) continue;
            for (const Duration time : times_) {
                if (!take(LocalTime(day) + time)) return false;
            }
        }
        return true;
    }

    bool take_positions() {
        const auto size = static_cast<int64_t>(period_days_.size() * times_.size());
        std::vector<int64_t> places;
        for (const int position : rule_.by_set_pos) {
            const int64_t place = position > 0 ? position - 1 : size + position;
            if (place >= 0 && place < size) places.push_back(place);
        }
        std::sort(places.begin(), places.end());
        places.erase(std::unique(places.begin(), places.end()), places.end());
        for (const int64_t place : places) {
            const auto index = static_cast<size_t>(place);
            const Day day = period_days_[index / times_.size()];
            if (!take(LocalTime(day) + times_[index % times_.size()])) return false;
        }
        return true;
    }

    bool take(LocalTime instance) {
        if (!spend(1)) return false;
        if (instance < run_.start) return true;
        if (instance > run_.last || instance >= range_.end) return false;
        if (rule_.count && left_-- <= 0) return false;
        if (instance < range_.first) return true;
        if (instances_.size() - first_size_ >= limits::instances_per_event) {
            end_ = ExpansionEnd::too_many_instances;
            return false;
        }
        instances_.push_back(instance);
        return true;
    }

    bool spend(size_t work) {
        if (budget_.spend(static_cast<int64_t>(work))) return true;
        end_ = ExpansionEnd::too_much_work;
        return false;
    }

    const Rule& rule_;
    const RuleRun& run_;
    const LocalRange& range_;
    WorkBudget& budget_;
    std::vector<LocalTime>& instances_;
    const Day start_day_;
    const DayFilter filter_;
    int64_t left_;  // of COUNT
    LocalTime stop_;
    size_t first_size_ = 0;
    std::vector<Duration> times_;
    std::vector<Day> period_days_;
    ExpansionEnd end_ = ExpansionEnd::complete;
};

// Without BY parts the instances are evenly spaced on the wall clock.
ExpansionEnd expand_sub_daily(const Rule& rule, const RuleRun& run, const LocalRange& range,
                              WorkBudget& budget, std::vector<LocalTime>& instances) {
    Duration unit(1);
    if (rule.frequency == Frequency::minutely) unit = std::chrono::minutes(1);
    if (rule.frequency == Frequency::hourly) unit = std::chrono::hours(1);
    const Duration step = unit * rule.interval;
    int64_t index = 0;
    if (range.first > run.start) index = (range.first - run.start + step - Duration(1)) / step;
    const size_t most = instances.size() + limits::instances_per_event;
    for (; !rule.count || index < *rule.count; ++index) {
        const LocalTime instance = run.start + index * step;
        if (instance > run.last || instance >= range.end) break;
        if (!budget.spend(1)) return ExpansionEnd::too_much_work;
        if (instances.size() >= most) return ExpansionEnd::too_many_instances;
        instances.push_back(instance);
    }
    return ExpansionEnd::complete;
}

}  // namespace

WorkBudget::WorkBudget() : file_left_(limits::work_per_file), event_left_(limits::work_per_event) {}

void WorkBudget::begin_event() { event_left_ = limits::work_per_event; }

bool WorkBudget::spend(int64_t work) {
    file_left_ -= work;
    event_left_ -= work;
    return file_left_ > 0 && event_left_ > 0;
}

ExpansionEnd expand(const Rule& rule, const RuleRun& run, const LocalRange& range, WorkBudget& budget,
                    std::vector<LocalTime>& instances) {
    if (range.end <= range.first || run.last < run.start) return ExpansionEnd::complete;
    if (rule.is_sub_daily()) {
        assert(!rule.has_by_parts() && "the caller refuses these");
        return expand_sub_daily(rule, run, range, budget, instances);
    }
    return Expander(rule, run, range, budget, instances).run();
}

}  // namespace watchbill::ical
