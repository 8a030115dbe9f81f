// Where things are: paths relative to the file that names them, URLs, and calendars, which are either. URLs
// may hold secrets, so no message shows more of one than its scheme or host.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem_log.h"
#include "config/table_reader.h"
#include "watchbill/team.h"

namespace watchbill {

// Absolute; `folder` is the folder of the file that names it.
std::optional<std::string> parse_path(const Text& text, const std::filesystem::path& folder, ProblemLog& log);
// A file that holds a secret (`kind`: "password", "token") and must exist. A warning where others on this
// machine may read it.
std::optional<std::string> parse_secret_file(const Text& text, std::string_view kind,
                                             const std::filesystem::path& folder, ProblemLog& log);
std::optional<std::string> parse_password_file(const Text& text, const std::filesystem::path& folder,
                                               ProblemLog& log);

struct UrlParts {
    std::string scheme;  // lower case
    std::string user_info;
    std::string host;  // lower case, IPv6 without its brackets
    std::string port;  // "" for none
    std::string rest;  // path, query and fragment
};
// RFC 3986 3, for URLs with a host. Nothing where there is no scheme, no host, or a blank, a control
// character or a character that no URL has.
std::optional<UrlParts> split_url(std::string_view url);

// `what` names the key. An http(s) URL of any form.
std::optional<UrlParts> parse_web_url(const Text& text, std::string_view what, ProblemLog& log);

// Reads calendar entries of one file: a string that is a path or URL, or a table
// { url or path, type, user, password_file, token_file }.
class CalendarParser {
public:
    CalendarParser(const std::filesystem::path& folder, ProblemLog& log) : folder_(folder), log_(&log) {}

    // `whose` and the place in the list make the label: "alice@example.com calendar 1 (calendar.google.com)".
    std::optional<Located<CalendarRef>> parse(const toml::node& node, const std::string& whose);
    // [team.incident_calendar]: a CalDAV collection to write to,
    // { url, user, password_file, token_file, invitations, read_every }.
    std::optional<Located<IncidentCalendar>> parse_collection(TableReader table, const std::string& whose);

private:
    std::optional<Located<CalendarRef>> parse_string(const Text& text, const std::string& whose);
    std::optional<Located<CalendarRef>> parse_table(TableReader table, const std::string& whose);
    std::optional<CalendarRef> from_url(const Text& text, const std::string& whose);
    std::optional<CalendarRef> from_path(const Text& text, const std::string& whose);
    bool read_credentials(TableReader& table, CalendarRef& calendar);
    bool read_user(TableReader& table, CalendarRef& calendar);
    void warn_of_plain_http(const Text& url, const CalendarRef& credentials);

    std::filesystem::path folder_;
    ProblemLog* log_;
};

}  // namespace watchbill
