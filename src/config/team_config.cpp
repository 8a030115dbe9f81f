#include "config/team_config.h"

#include <algorithm>
#include <map>

#include "config/locations.h"
#include "config/members.h"
#include "config/rotations.h"
#include "config/table_reader.h"
#include "config/values.h"
#include "words/suggest.h"

namespace watchbill {

namespace fs = std::filesystem;

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// "https://meet.example.com/{incident}": the only thing in braces is {incident}.
std::optional<std::string> parse_conference(const Text& text, ProblemLog& log) {
    constexpr std::string_view placeholder = "{incident}";
    std::string filled = text.value;
    for (size_t at = filled.find(placeholder); at != std::string::npos; at = filled.find(placeholder))
        filled.replace(at, placeholder.size(), "1");
    if (filled.find_first_of("{}") != std::string::npos) {
        log.error(text.place, "\"conference\" may hold {incident} and nothing else in braces");
        return std::nullopt;
    }
    if (!parse_web_url({filled, text.place}, "conference", log)) return std::nullopt;
    return text.value;
}

void read_duration(TableReader& table, std::string_view key, Duration least, Duration most,
                   Duration& duration) {
    const auto text = table.text(key, "a duration such as \"11h\" or \"5m\"");
    if (!text) return;
    if (const auto parsed = parse_duration_between(*text, key, least, most, table.log())) duration = *parsed;
}

void read_number(TableReader& table, std::string_view key, int least, int most, int& count) {
    if (const auto number = table.integer(key, least, most)) count = static_cast<int>(number->value);
}

void read_identity(TableReader& table, TeamFile& file) {
    ProblemLog& log = table.log();
    file.name_place = table.place();
    if (table.require("name", "by which URLs call the team")) {
        if (const auto text = table.text("name")) {
            file.name_place = text->place;
            file.team.name = parse_name(*text, "a team's name", log).value_or("");
        }
    }
    const auto title = table.text("title");
    file.team.title = title ? title->value : file.team.name;
    file.team.zone = "UTC";
    if (table.require("time_zone", "such as \"Europe/Paris\"")) {
        if (const auto text = table.text("time_zone", "a time zone such as \"Europe/Paris\""))
            file.team.zone = parse_zone(*text, log).value_or("UTC");
    }
}

void read_limits(TableReader& table, Team& team) {
    // Two years of shifts are more than anybody plans, and a plan's cost grows with its days.
    read_number(table, "horizon_days", 1, 730, team.horizon_days);
    read_number(table, "notice_days", 0, 365, team.notice_days);
    // 0 switches the rule off; more than a week would leave nobody.
    read_duration(table, "rest", seconds(0), days(7), team.rest);
    // 0 would make everybody absent always.
    read_duration(table, "absence_threshold", minutes(1), hours(24), team.absence_threshold);
    // Calendar hosts block those who ask all the time; after a day nobody believes the feed.
    read_duration(table, "refresh", seconds(1), hours(24), team.refresh);
    read_duration(table, "ack_timeout", seconds(1), hours(24), team.ack_timeout);
    read_number(table, "escalation_rounds", 1, 100, team.escalation_rounds);
    // Feeds show a month back, and a shift's swaps and notes a little longer; ten years are what a duration
    // may be.
    read_duration(table, "retention", days(60), days(3650), team.retention);
}

// A string, or { calendar = "..." or a calendar's table, site = "paris" }.
void read_holiday(const toml::node& node, const std::string& whose, CalendarParser& calendars, TeamFile& file,
                  std::vector<Text>& sites, ProblemLog& log) {
    const toml::table* table = node.as_table();
    std::optional<Located<CalendarRef>> calendar;
    HolidayCalendar holiday;
    if (table != nullptr && !table->contains("url") && !table->contains("path")) {
        TableReader reader(*table, "holidays", log);
        if (reader.require("calendar", "a path or URL"))
            calendar = calendars.parse(*reader.any("calendar"), whose);
        if (const auto site = reader.text("site")) {
            holiday.site = site->value;
            sites.push_back(*site);
        }
        reader.report_unknown_keys();
    } else {
        calendar = calendars.parse(node, whose);
    }
    if (!calendar) return;
    holiday.calendar = calendar->value;
    file.calendars.push_back({calendar->value, file.team.zone, calendar->place, file.team.name});
    file.team.holidays.push_back(std::move(holiday));
}

// Returns the sites that they name, to be compared with the members'.
std::vector<Text> read_holidays(TableReader& table, CalendarParser& calendars, TeamFile& file) {
    std::vector<Text> sites;
    const toml::array* list = table.list("holidays", "calendars");
    if (list == nullptr) return sites;
    for (size_t i = 0; i < list->size(); ++i) {
        const std::string whose = file.team.name + " holidays " + std::to_string(i + 1);
        read_holiday((*list)[i], whose, calendars, file, sites, table.log());
    }
    return sites;
}

void read_incident_calendar(TableReader& table, CalendarParser& calendars, TeamFile& file) {
    const auto collection = table.table("incident_calendar");
    if (!collection) return;
    auto parsed = calendars.parse_collection(*collection, file.team.name);
    if (!parsed) return;
    file.incident_calendar = ConfiguredCollection{parsed->value.calendar, parsed->place};
    file.team.incident_calendar = std::move(parsed->value);
}

void read_people_texts(TableReader& table, Team& team) {
    if (const auto text = table.text("conference", "a URL such as \"https://meet.example.com/{incident}\""))
        team.conference = parse_conference(*text, table.log()).value_or("");
    if (const auto trust = table.boolean("trust_organizer_copy")) team.trust_organizer_copy = *trust;
    if (const auto order = table.text("date_order", "\"dmy\" or \"mdy\"")) {
        if (order->value == "dmy") {
            team.date_order = DateOrder::day_first;
        } else if (order->value == "mdy") {
            team.date_order = DateOrder::month_first;
        } else {
            table.log().error(order->place,
                              "\"date_order\" must be \"dmy\" or \"mdy\", how 03/12 is read in "
                              "titles of swaps, not " +
                                  in_quotes(order->value));
        }
    }
    if (const auto checklist = table.texts("checklist", "strings")) {
        for (const Text& item : *checklist) team.checklist.push_back(item.value);
    }
}

// [team.severity.sev1]: how often the commander tells everybody, and their first steps.
void read_severities(TableReader table, Team& team) {
    for (size_t i = 0; i < team.severities.size(); ++i) {
        const std::string name = "sev" + std::to_string(i + 1);
        auto rules = table.table(name);
        if (!rules) continue;
        // More often than every minute nobody reads it; after a week nobody remembers.
        read_duration(*rules, "update_every", minutes(1), days(7), team.severities[i].update_every);
        if (const auto checklist = rules->texts("checklist", "strings")) {
            team.severities[i].checklist.clear();
            for (const Text& item : *checklist) team.severities[i].checklist.push_back(item.value);
        }
        rules->report_unknown_keys();
    }
    table.report_unknown_keys();
}

void read_keyword_list(TableReader& table, std::string_view key, std::vector<std::string>& words) {
    const auto texts = table.texts(key, "strings");
    if (!texts) return;
    for (const Text& text : *texts) words.push_back(text.value);
}

void read_keywords(TableReader table, Keywords& keywords) {
    read_keyword_list(table, "night_duty", keywords.night_duty);
    read_keyword_list(table, "absence", keywords.absence);
    read_keyword_list(table, "swap", keywords.swap);
    read_keyword_list(table, "cover", keywords.cover);
    table.report_unknown_keys();
}

void check_sites(const std::vector<Text>& sites, const Team& team, ProblemLog& log) {
    std::vector<std::string> known;
    for (const Member& member : team.members) {
        if (!member.site.empty()) known.push_back(member.site);
    }
    for (const Text& site : sites) {
        if (std::find(known.begin(), known.end(), site.value) != known.end()) continue;
        const auto near = log.wants_suggestions() ? nearest(site.value, known) : std::nullopt;
        log.warning(site.place, "no member has the site " + in_quotes(site.value) + did_you_mean(near));
    }
}

}  // namespace

TeamFile read_team_config(const toml::table& document, const fs::path& folder, ProblemLog& log) {
    TeamFile file;
    file.name_place = log.whole_file();
    file.team.zone = "UTC";
    CalendarParser calendars(folder, log);
    TableReader root(document, "this file", log);

    std::vector<Text> sites;
    std::optional<std::vector<Text>> backup;
    auto table = root.table("team");
    if (table) {
        read_identity(*table, file);
        read_limits(*table, file.team);
        sites = read_holidays(*table, calendars, file);
        backup = table->texts("backup", "members' e-mail addresses");
        read_people_texts(*table, file.team);
        if (auto severities = table->table("severity")) read_severities(*severities, file.team);
        read_incident_calendar(*table, calendars, file);
        table->report_unknown_keys();
    } else if (!root.has("team")) {
        log.error(log.whole_file(), "there is no [team] table; it names the team and its time zone");
    }

    const MemberDirectory directory = read_members(root.tables("member"), calendars, file);
    if (root.is_missing_or_empty("member")) log.error(log.whole_file(), "the team has no [[member]]");
    file.rotation_places = read_rotations(root.tables("rotation"), directory, file.team, log);
    if (root.is_missing_or_empty("rotation")) log.error(log.whole_file(), "the team has no [[rotation]]");
    if (backup) file.team.backup = directory.resolve(*backup, "backup", log);
    if (auto keywords = root.table("keywords")) read_keywords(*keywords, file.team.keywords);
    check_sites(sites, file.team, log);
    root.report_unknown_keys();
    return file;
}

}  // namespace watchbill
