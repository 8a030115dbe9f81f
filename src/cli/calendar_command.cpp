// `watchbill calendar`: the occurrences of one calendar in a window, and what each means for the rotation.
#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <set>

#include "cli/commands.h"
#include "cli/json_output.h"
#include "cli/terminal_text.h"
#include "ical/reader.h"
#include "rotation/availability/classify.h"
#include "sources/calendar_sources.h"
#include "sources/url.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill::cli {

namespace {

namespace fs = std::filesystem;

struct CalendarOptions {
    std::string location;
    std::string from;
    std::string to;
    std::string zone;
    std::string member;
    bool caldav = false;
    std::string user;
    std::string password_file;
    std::string token_file;
};

// Whose calendar it is and what the words in its titles mean.
struct Reader {
    Member owner;
    Keywords keywords;
    std::vector<Member> members;  // whose names in titles make an event somebody else's
};

struct Item {
    Occurrence occurrence;
    OccurrenceKind kind = OccurrenceKind::none;
};

struct Listing {
    std::vector<Item> items;
    std::vector<CalendarWarning> warnings;
};

std::string absolute_or_empty(const std::string& path) {
    return path.empty() ? path : fs::absolute(path).string();
}

CalendarRef calendar_at(const CalendarOptions& options) {
    const std::string& location = options.location;
    CalendarRef calendar;
    if (location.find("://") == std::string::npos) {
        calendar.location = fs::absolute(location).string();
        calendar.label = location;
        return calendar;
    }
    calendar.type = options.caldav ? CalendarRef::Type::caldav : CalendarRef::Type::url;
    calendar.location = location;
    calendar.user = options.user;
    calendar.password_file = absolute_or_empty(options.password_file);
    calendar.token_file = absolute_or_empty(options.token_file);
    // The rest of a URL may be a secret, also from logs that keep what we print.
    const auto url = Url::parse(location);
    calendar.label = url ? url->host : "the URL";
    return calendar;
}

void add_words(std::vector<std::string>& words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
}

// Everybody's keywords, for a calendar that belongs to no team.
Keywords keywords_of_all(const std::vector<Team>& teams) {
    Keywords all;
    for (const Team& team : teams) {
        add_words(all.night_duty, team.keywords.night_duty);
        add_words(all.absence, team.keywords.absence);
        add_words(all.swap, team.keywords.swap);
        add_words(all.cover, team.keywords.cover);
    }
    return all;
}

Reader make_reader(const MemberId& id, const std::vector<Team>& teams) {
    Reader reader;
    reader.owner.id = id;
    reader.owner.zone = "UTC";
    for (const Team& team : teams) {
        const Member* member = id.empty() ? nullptr : team.find_member(id);
        if (member != nullptr) return {*member, team.keywords, team.members};
    }
    reader.keywords = keywords_of_all(teams);
    return reader;
}

// A date is the start of that day in the zone.
std::optional<Instant> parse_bound(const std::string& text, const Zone& zone) {
    if (const auto day = parse_day(text)) return zone.start_of(*day);
    return parse_instant(text);
}

Listing list_occurrences(CalendarReading reading, const Reader& reader) {
    Listing listing;
    listing.warnings = std::move(reading.warnings);
    const Classifier classifier(reader.keywords, reader.members);
    std::set<std::pair<std::string, std::string>> warned;  // one warning for a whole series is enough
    for (Occurrence& occurrence : reading.occurrences) {
        if (occurrence.event->status == EventStatus::cancelled) continue;
        Classified classified = classifier.classify(occurrence, reader.owner);
        if (classified.warning && warned.emplace(occurrence.event->uid, classified.warning->code).second)
            listing.warnings.push_back(std::move(*classified.warning));
        listing.items.push_back({std::move(occurrence), classified.kind});
    }
    return listing;
}

// One occurrence a line, written as it is made: 10 MB of events are 20 MB of JSON and many times that as a
// tree.
void print_as_json(const Listing& listing) {
    fmt::print("{{\"occurrences\": [");
    const char* separator = "\n";
    for (const Item& item : listing.items) {
        fmt::print("{}{}", separator, json_line(to_json(item.occurrence, item.kind)));
        separator = ",\n";
    }
    fmt::print("\n],\n\"warnings\": {}}}\n", json_line(to_json(listing.warnings)));
}

std::string when_in_words(const Occurrence& occurrence, const Zone& zone) {
    if (occurrence.all_day) {
        const Day last = occurrence.all_day->end - std::chrono::days(1);
        const std::string first = format_date_of_week(occurrence.all_day->first);
        return last > occurrence.all_day->first ? first + " to " + format_date_of_week(last) : first;
    }
    const auto time = [&](Instant instant) { return format_time_of_day(zone.to_local(instant)); };
    const Day first = zone.day_of(occurrence.when.start);
    const Day last = zone.day_of(occurrence.when.end);
    std::string text = format_date_of_week(first) + " " + time(occurrence.when.start);
    if (occurrence.when.empty()) return text;
    text += first == last ? "-" : " to " + format_date_of_week(last) + " ";
    return text + time(occurrence.when.end);
}

void print_as_table(const Listing& listing, const Zone& zone) {
    // "Wed 30 Sep 2026 22:00 to Thu 1 Oct 2026 07:00" is about the longest.
    fmt::print("{:<46}  {:<10}  {}\n", "WHEN (" + zone.name() + ")", "KIND", "SUMMARY");
    for (const auto& [occurrence, kind] : listing.items) {
        const bool tentative = occurrence.event->status == EventStatus::tentative;
        fmt::print("{:<46}  {:<10}  {}{}\n", when_in_words(occurrence, zone), occurrence_kind_name(kind),
                   terminal_safe(occurrence.event->summary), tentative ? " (tentative)" : "");
    }
    for (const CalendarWarning& warning : listing.warnings)
        fmt::print(stderr, "warning: {}: {}\n", warning.code, terminal_safe(warning.message));
}

int show_calendar(const CalendarOptions& options, const Reader& reader, const ical::ReadRequest& request,
                  bool json) {
    const CalendarRef calendar = calendar_at(options);
    const auto fetched = make_calendar_source()->fetch(calendar, {}, request.window);
    if (!fetched) return failure(fetched.error());
    ical::initialise();
    auto reading = ical::read_calendar(fetched->bytes, request);
    if (!reading) return failure(calendar.label + ": " + reading.error().message);
    const Listing listing = list_occurrences(std::move(*reading), reader);
    if (json) {
        print_as_json(listing);
    } else {
        print_as_table(listing, request.zone);
    }
    return exit_ok;
}

int run_calendar(const CalendarOptions& options, const CommandContext& context) {
    MemberId member;
    if (!options.member.empty()) {
        const auto id = MemberId::parse(options.member);
        if (!id) return usage_error(fmt::format("--member: \"{}\" is no e-mail address", options.member));
        member = *id;
    }
    if (options.user.empty() != options.password_file.empty())
        return usage_error("--user and --password-file go together");
    const bool has_credentials = !options.user.empty() || !options.token_file.empty();
    if (options.location.find("://") == std::string::npos && (options.caldav || has_credentials))
        return usage_error("--caldav, --user and --token-file are for URLs, not for files");
    if (!options.user.empty() && !options.token_file.empty())
        return usage_error("--token-file stands instead of --user and --password-file");
    std::vector<Team> teams;
    if (context.config_given) {
        auto config = load_config_or_complain(context);
        if (!config) return exit_failed;
        teams = std::move(config->teams);
    }
    if (const auto zones = check_zone_database(); !zones) return failure(zones.error().message);
    Reader reader = make_reader(member, teams);
    if (!options.zone.empty()) reader.owner.zone = options.zone;
    const auto zone = Zone::find(reader.owner.zone);
    if (!zone)
        return usage_error(
            fmt::format("--zone: \"{}\" is no IANA time zone such as Europe/Paris", options.zone));
    const auto from = parse_bound(options.from, *zone);
    const auto to = parse_bound(options.to, *zone);
    if (!from || !to) {
        return usage_error(
            fmt::format("{}: \"{}\" is neither a date such as 2026-03-01 nor an instant such as "
                        "2026-03-01T08:00:00Z",
                        from ? "--to" : "--from", from ? options.to : options.from));
    }
    if (*to <= *from) return usage_error("--to must be later than --from");
    return show_calendar(options, reader, {{*from, *to}, *zone}, context.json);
}

}  // namespace

void add_calendar_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<CalendarOptions>();
    CLI::App& command =
        add_command(app, context, "calendar",
                    "Print the occurrences in a calendar that overlap [--from, --to) and what each means");
    add_option(command, "FILE_OR_URL", options->location, "An .ics file, or an http(s) or webcal URL",
               {nullptr, true});
    add_option(command, "--from", options->from, "First day, or an RFC 3339 instant", {"D", true});
    add_option(command, "--to", options->to, "The day after the last (exclusive), or an RFC 3339 instant",
               {"D", true});
    add_option(command, "--zone", options->zone,
               "Whose days these are, and the zone of floating times (default: the member's in --config, "
               "else UTC)",
               {"Z"});
    add_option(command, "--member", options->member,
               "Whose calendar it is (default: unknown, and every event counts as their own)", {"EMAIL"});
    add_flag(command, "--caldav", options->caldav, "The URL is that of a CalDAV collection");
    add_option(command, "--user", options->user, "As whom its server is asked", {"U"});
    add_option(command, "--password-file", options->password_file, "A file that holds the user's password",
               {"FILE"});
    add_option(command, "--token-file", options->token_file,
               "A file that holds a bearer token, instead of a user", {"FILE"});
    add_json_flag(command, context);
    set_action(command, context, [options, &context] { return run_calendar(*options, context); });
}

}  // namespace watchbill::cli
