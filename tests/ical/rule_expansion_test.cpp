// The rule engine against RFC 5545's own examples, and against the definition of a rule walked day by day.
#include "ical/rule_expansion.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>

#include "support/case_count.h"
#include "time/format.h"

namespace rule_expansion_test {

using namespace watchbill;
using namespace watchbill::ical;
using std::chrono::days;
using std::chrono::weekday;
using std::chrono::year_month_day;

namespace {

LocalTime local(const std::string& text) { return parse_time(text, "")->local; }

std::vector<LocalTime> expand_all(const std::string& text, LocalTime start, LocalTime from, LocalTime to) {
    const auto parsed = parse_rule(text);
    INFO(text);
    REQUIRE(parsed.has_value());
    const auto& until = parsed->rule.until;
    WorkBudget budget;
    std::vector<LocalTime> instances;
    const RuleRun run{start, false, until ? until->local : LocalTime::max()};
    REQUIRE(expand(parsed->rule, run, {from, to}, budget, instances) == ExpansionEnd::complete);
    return instances;
}

// The dates of the first instances, "19970902 19970903".
std::string first_dates(const std::string& rule, const std::string& start, size_t count) {
    const auto all = expand_all(rule, local(start), local(start), local("20090101T000000"));
    std::string text;
    for (size_t i = 0; i < std::min(count, all.size()); ++i) {
        for (const char c : format_day(std::chrono::floor<days>(all[i]))) {
            if (c != '-') text += c;
        }
        text += i + 1 < std::min(count, all.size()) ? " " : "";
    }
    return text;
}

// --- A rule's definition, day by day, told in other words than the engine's
// ---------------------------------------

// Where a day stands in its month and year, counted from either edge; negative from the end.
struct DayPlace {
    int year, month, day, week_day;
    int in_month, from_month_end, in_year, from_year_end;                  // in days
    int nth_of_month, nth_from_month_end, nth_of_year, nth_from_year_end;  // among the same weekdays
};

class Almanac {
public:
    // Of the days of 2022 to 2033, by counting.
    Almanac() : first_(Day(std::chrono::year(2022) / 1 / 1)), last_(Day(std::chrono::year(2033) / 12 / 31)) {
        for (Day day = first_; day <= last_; day += days(1)) {
            places_.push_back({year_of(day), month_of(day), count(day, 1, month_of), weekday_of(day),
                               count(day, 1, month_of), -count(day, -1, month_of), count(day, 1, year_of),
                               -count(day, -1, year_of), count(day, 7, month_of), -count(day, -7, month_of),
                               count(day, 7, year_of), -count(day, -7, year_of)});
        }
    }
    const DayPlace& of(Day day) const { return places_.at(static_cast<size_t>((day - first_).count())); }

private:
    static int year_of(Day day) { return int(year_month_day(day).year()); }
    static int month_of(Day day) { return static_cast<int>(unsigned(year_month_day(day).month())); }
    static int weekday_of(Day day) { return static_cast<int>(weekday(day).c_encoding()); }

    // Steps from `day` until the month or year is another: 1 for the first of it.
    static int count(Day day, int step, int (*of)(Day)) {
        int steps = 0;
        for (Day at = day; of(at) == of(day); at -= days(step)) ++steps;
        return steps;
    }

    Day first_, last_;
    std::vector<DayPlace> places_;
};

const DayPlace& place_of(Day day) {
    static const Almanac almanac;
    return almanac.of(day);
}

Day week_begin(Day day, const Rule& rule) {
    while (weekday(day) != rule.week_start) day -= days(1);
    return day;
}

// ISO 8601 generalised to any first day: a week belongs to the year that has its fourth day.
std::pair<int, int> week_of_year(Day day, const Rule& rule) {
    const DayPlace& fourth = place_of(week_begin(day, rule) + days(3));
    return {fourth.nth_of_year, fourth.nth_from_year_end};
}

bool in(const std::vector<int>& list, int a, int b) {
    return list.empty() ||
           std::count(list.begin(), list.end(), a) + std::count(list.begin(), list.end(), b) > 0;
}

bool day_fits(const Rule& rule, Day start, Day day) {
    const DayPlace& date = place_of(day);
    const DayPlace& origin = place_of(start);
    if (!in(rule.by_month, date.month, 0)) return false;
    if (!in(rule.by_month_day, date.in_month, date.from_month_end)) return false;
    if (!in(rule.by_year_day, date.in_year, date.from_year_end)) return false;
    if (!rule.by_week_no.empty()) {
        const auto [week, from_end] = week_of_year(day, rule);
        if (!in(rule.by_week_no, week, from_end)) return false;
    }
    if (!rule.by_day.empty()) {
        const bool ordinals = rule.frequency >= Frequency::monthly && rule.by_week_no.empty();
        const bool in_month = rule.frequency == Frequency::monthly || !rule.by_month.empty();
        const int nth = in_month ? date.nth_of_month : date.nth_of_year;
        const int nth_from_end = in_month ? date.nth_from_month_end : date.nth_from_year_end;
        return std::any_of(rule.by_day.begin(), rule.by_day.end(), [&](const WeekdayInPeriod& part) {
            return part.day == weekday(day) &&
                   (part.ordinal == 0 || !ordinals || part.ordinal == nth || part.ordinal == nth_from_end);
        });
    }
    if (!rule.by_month_day.empty() || !rule.by_year_day.empty()) return true;
    // What DTSTART adds.
    if (rule.frequency == Frequency::weekly || !rule.by_week_no.empty()) {
        return date.week_day == origin.week_day;
    }
    if (rule.frequency == Frequency::monthly) return date.day == origin.day;
    if (rule.frequency == Frequency::yearly) {
        return date.day == origin.day && (!rule.by_month.empty() || date.month == origin.month);
    }
    return true;
}

int64_t period_of(const Rule& rule, Day day) {
    const DayPlace& date = place_of(day);
    switch (rule.frequency) {
        case Frequency::yearly: return date.year;
        case Frequency::monthly: return date.year * 12 + date.month;
        case Frequency::weekly: return week_begin(day, rule).time_since_epoch().count() / 7;
        default: return day.time_since_epoch().count();
    }
}

std::vector<LocalTime> walk(const Rule& rule, LocalTime start, LocalTime end) {
    const Day first = std::chrono::floor<days>(start);
    const Duration time = start - LocalTime(first);
    // A whole period before the start belongs to BYSETPOS.
    std::map<int64_t, std::vector<LocalTime>> periods;
    for (Day day = first - days(366); LocalTime(day) < end + days(366); day += days(1)) {
        const int64_t apart = period_of(rule, day) - period_of(rule, first);
        if (apart < 0 || apart % rule.interval != 0) continue;
        if (day_fits(rule, first, day)) periods[apart].push_back(LocalTime(day) + time);
    }
    std::vector<LocalTime> result;
    int64_t left = rule.count.value_or(INT64_MAX);
    for (const auto& [apart, times] : periods) {
        const auto size = static_cast<int>(times.size());
        for (int i = 0; i < size; ++i) {
            const LocalTime at = times[static_cast<size_t>(i)];
            if (!in(rule.by_set_pos, i + 1, i - size)) continue;
            if (at < start || at >= end || (rule.until && at > rule.until->local)) continue;
            if (left-- <= 0) return result;
            result.push_back(at);
        }
    }
    return result;
}

// --- Random rules
// -------------------------------------------------------------------------------------------------

class RandomRule {
public:
    explicit RandomRule(unsigned seed) : random_(seed) {}

    int between(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
    bool chance(int percent) { return between(1, 100) <= percent; }

    std::string list(int low, int high, int most) {
        std::set<int> values;
        for (int i = between(1, most); i > 0; --i) {
            if (const int value = between(low, high); value != 0) values.insert(value);
        }
        if (values.empty()) values.insert(1);
        std::string text;
        for (const int value : values) text += (text.empty() ? "" : ",") + std::to_string(value);
        return text;
    }

    std::string make(LocalTime start) {
        const int frequency = between(0, 3);
        const bool yearly = frequency == 3;
        std::string rule = std::string("FREQ=") + std::array{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}.at(
                                                      static_cast<size_t>(frequency));
        if (chance(40)) rule += ";INTERVAL=" + std::to_string(between(1, 5));
        const bool by_month = chance(30);
        if (by_month) rule += ";BYMONTH=" + list(1, 12, 4);
        if (frequency != 1 && chance(30)) rule += ";BYMONTHDAY=" + list(-31, 31, 5);
        if (yearly && chance(20)) rule += ";BYYEARDAY=" + list(-366, 366, 8);
        const bool by_week = yearly && chance(20);
        if (by_week) rule += ";BYWEEKNO=" + list(-53, 53, 5);
        if (chance(50)) rule += ";BYDAY=" + weekdays(frequency >= 2 && !by_week, yearly && !by_month);
        if (chance(25)) rule += ";BYSETPOS=" + list(-4, 4, 3);
        if (chance(30)) rule += std::string(";WKST=") + day_name(between(0, 6));
        if (chance(30)) {
            rule += ";COUNT=" + std::to_string(between(1, 60));
        } else if (chance(30)) {
            const LocalTime until = start + days(between(0, 1500)) + std::chrono::hours(between(-1, 1));
            std::string text;
            for (const char c : format_instant(Instant(until.time_since_epoch())).substr(0, 19)) {
                if (c != '-' && c != ':') text += c;
            }
            rule += ";UNTIL=" + text;
        }
        return rule;
    }

private:
    static const char* day_name(int day) {
        return std::array{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}.at(static_cast<size_t>(day));
    }

    std::string weekdays(bool ordinals, bool of_year) {
        std::string text;
        for (int i = between(1, 4); i > 0; --i) {
            const int most = of_year ? 53 : 5;
            const int ordinal = ordinals && chance(50) ? between(-most, most) : 0;
            text += (text.empty() ? "" : ",") + (ordinal != 0 ? std::to_string(ordinal) : "") +
                    day_name(between(0, 6));
        }
        return text;
    }

    std::mt19937 random_;
};

}  // namespace

TEST_CASE("Random rules expand as their definition walked day by day", "[rules]") {
    const unsigned seed = 20260301;
    INFO("seed " << seed);
    RandomRule random(seed);
    const LocalTime end = local("20310101T000000");
    size_t instances = 0;
    for (int i = 0; i < test::case_count(2000); ++i) {
        const LocalTime start = local("20240101T093000") + days(random.between(0, 1000));
        const std::string text = random.make(start);
        INFO("case " << i << ": " << format_instant(Instant(start.time_since_epoch())) << ' ' << text);
        const auto parsed = parse_rule(text);
        REQUIRE(parsed.has_value());
        const auto expected = walk(parsed->rule, start, end);
        REQUIRE(expand_all(text, start, start, end) == expected);
        instances += expected.size();

        // Beginning later gives the same instances from there on.
        const LocalTime from = start + days(random.between(0, 2000));
        const LocalTime to = from + days(random.between(0, 400));
        std::vector<LocalTime> inside;
        std::copy_if(expected.begin(), expected.end(), std::back_inserter(inside),
                     [&](LocalTime at) { return at >= from && at < to && at < end; });
        REQUIRE(expand_all(text, start, from, std::min(to, end)) == inside);
    }
    CHECK(instances > test::case_count(size_t{100'000}));  // the rules are not all empty
}

// RFC 5545 3.8.5.3: all start at 09:00 on the date given; the RFC lists the dates.
TEST_CASE("The examples of RFC 5545", "[rules]") {
    const std::string tuesday = "19970902T090000";
    CHECK(first_dates("FREQ=DAILY;COUNT=10", tuesday, 99) ==
          "19970902 19970903 19970904 19970905 19970906 19970907 19970908 19970909 19970910 19970911");
    CHECK(first_dates("FREQ=DAILY;INTERVAL=10;COUNT=5", tuesday, 9) ==
          "19970902 19970912 19970922 19971002 19971012");
    CHECK(first_dates("FREQ=WEEKLY;INTERVAL=2;WKST=SU", tuesday, 5) ==
          "19970902 19970916 19970930 19971014 19971028");
    CHECK(first_dates("FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", tuesday, 99) ==
          "19970902 19970904 19970909 19970911 19970916 19970918 19970923 19970925 19970930 19971002");
    CHECK(first_dates("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR", "19970901T090000", 8) ==
          "19970901 19970903 19970905 19970915 19970917 19970919 19970929 19971001");
    CHECK(first_dates("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", tuesday, 99) ==
          "19970902 19970904 19970916 19970918 19970930 19971002 19971014 19971016");
    CHECK(first_dates("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "19970905T090000", 99) ==
          "19970905 19971003 19971107 19971205 19980102 19980206 19980306 19980403 19980501 19980605");
    CHECK(first_dates("FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "19970907T090000", 99) ==
          "19970907 19970928 19971102 19971130 19980104 19980125 19980301 19980329 19980503 19980531");
    CHECK(first_dates("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "19970922T090000", 99) ==
          "19970922 19971020 19971117 19971222 19980119 19980216");
    CHECK(first_dates("FREQ=MONTHLY;BYMONTHDAY=-3", "19970928T090000", 6) ==
          "19970928 19971029 19971128 19971229 19980129 19980226");
    CHECK(first_dates("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", tuesday, 99) ==
          "19970902 19970915 19971002 19971015 19971102 19971115 19971202 19971215 19980102 19980115");
    CHECK(first_dates("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "19970930T090000", 99) ==
          "19970930 19971001 19971031 19971101 19971130 19971201 19971231 19980101 19980131 19980201");
    CHECK(first_dates("FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "19970910T090000",
                      99) ==
          "19970910 19970911 19970912 19970913 19970914 19970915 19990310 19990311 19990312 19990313");
    CHECK(first_dates("FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", tuesday, 10) ==
          "19970902 19970909 19970916 19970923 19970930 19971104 19971111 19971118 19971125 19980106");
    CHECK(first_dates("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "19970610T090000", 99) ==
          "19970610 19970710 19980610 19980710 19990610 19990710 20000610 20000710 20010610 20010710");
    CHECK(first_dates("FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "19970310T090000", 99) ==
          "19970310 19990110 19990210 19990310 20010110 20010210 20010310 20030110 20030210 20030310");
    CHECK(first_dates("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "19970101T090000", 99) ==
          "19970101 19970410 19970719 20000101 20000409 20000718 20030101 20030410 20030719 20060101");
    CHECK(first_dates("FREQ=YEARLY;BYDAY=20MO", "19970519T090000", 3) == "19970519 19980518 19990517");
    CHECK(first_dates("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "19970512T090000", 3) ==
          "19970512 19980511 19990517");
    CHECK(first_dates("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "19970313T090000", 7) ==
          "19970313 19970320 19970327 19980305 19980312 19980319 19980326");
    CHECK(first_dates("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "19970605T090000", 5) ==
          "19970605 19970612 19970619 19970626 19970703");
    CHECK(first_dates("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", tuesday, 5) ==
          "19980213 19980313 19981113 19990813 20001013");
    CHECK(first_dates("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "19970913T090000", 10) ==
          "19970913 19971011 19971108 19971213 19980110 19980207 19980307 19980411 19980509 19980613");
    CHECK(first_dates("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
                      "19961105T090000", 3) == "19961105 20001107 20041102");
    CHECK(first_dates("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "19970904T090000", 9) ==
          "19970904 19971007 19971106");
    CHECK(first_dates("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "19970929T090000", 7) ==
          "19970929 19971030 19971127 19971230 19980129 19980226 19980330");
    CHECK(first_dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "19970805T090000", 9) ==
          "19970805 19970810 19970819 19970824");
    CHECK(first_dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "19970805T090000", 9) ==
          "19970805 19970817 19970819 19970831");
    CHECK(first_dates("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "20070115T090000", 9) ==
          "20070115 20070130 20070215 20070315 20070330");
}

TEST_CASE("Times of day multiply, in order, and BYSETPOS counts them", "[rules]") {
    const auto times = [](const std::string& rule) {
        std::string text;
        for (const LocalTime at :
             expand_all(rule, local("20260601T090000"), local("20260601T000000"), local("20260603T000000"))) {
            text += format_instant(Instant(at.time_since_epoch())).substr(8, 8) + " ";
        }
        return text;
    };
    CHECK(times("FREQ=DAILY;BYHOUR=17,9;BYMINUTE=30,0") ==
          "01T09:00 01T09:30 01T17:00 01T17:30 02T09:00 02T09:30 02T17:00 02T17:30 ");
    CHECK(times("FREQ=DAILY;BYHOUR=9,12,17;BYSETPOS=-1,1") == "01T09:00 01T17:00 02T09:00 02T17:00 ");
    CHECK(times("FREQ=HOURLY;INTERVAL=20") == "01T09:00 02T05:00 ");
    CHECK(times("FREQ=MINUTELY;INTERVAL=600;COUNT=3") == "01T09:00 01T19:00 02T05:00 ");
}

TEST_CASE("COUNT is right wherever the range begins", "[rules]") {
    for (const char* rule :
         {"FREQ=DAILY;COUNT=1000", "FREQ=WEEKLY;COUNT=1000;BYDAY=MO,TH;WKST=TH",
          "FREQ=WEEKLY;INTERVAL=3;COUNT=500", "FREQ=DAILY;INTERVAL=3;COUNT=700;BYHOUR=9,10",
          "FREQ=MINUTELY;INTERVAL=1441;COUNT=2000"}) {
        INFO(rule);
        const LocalTime start = local("20200603T090000");
        const LocalTime end = local("20350101T000000");
        const auto all = expand_all(rule, start, start, end);
        for (LocalTime from = start - days(3); from < end; from += days(97)) {
            std::vector<LocalTime> rest;
            std::copy_if(all.begin(), all.end(), std::back_inserter(rest),
                         [&](LocalTime at) { return at >= from; });
            REQUIRE(expand_all(rule, start, from, end) == rest);
        }
    }
}

}  // namespace rule_expansion_test
