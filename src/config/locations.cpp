#include "config/locations.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "config/values.h"
#include "words/plain_text.h"
#include "words/suggest.h"

namespace watchbill {

namespace fs = std::filesystem;

namespace {

// Servers stop at 8 KB of request line; Google's secret addresses have some 150 bytes.
constexpr size_t longest_url = 8000;

bool is_scheme_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789") == std::string::npos; }

bool is_host(std::string_view host) {
    constexpr std::string_view never_in_hosts = " \"<>\\^`{|}%/?#@[]";
    return !host.empty() && host.size() <= 253 && host.find_first_of(never_in_hosts) == std::string::npos;
}

// The host and port of "[::1]:8080" or "example.com:8080".
bool split_authority(std::string_view authority, UrlParts& parts) {
    const size_t at = authority.rfind('@');
    if (at != std::string::npos) {
        parts.user_info = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    size_t end = authority.find(':');
    if (authority.starts_with('[')) {
        const size_t bracket = authority.find(']');
        if (bracket == std::string::npos) return false;
        parts.host = lower(authority.substr(1, bracket - 1));
        end = bracket + 1 == authority.size() ? std::string::npos : bracket + 1;
        if (end != std::string::npos && authority[end] != ':') return false;
    } else {
        parts.host = lower(authority.substr(0, end));
    }
    if (end != std::string::npos) parts.port = authority.substr(end + 1);
    return is_host(parts.host) && is_number(parts.port) && parts.port.size() <= 5;
}

bool looks_like_url(std::string_view text) { return text.find("://") != std::string::npos; }

bool is_calendar_scheme(std::string_view scheme) {
    return scheme == "https" || scheme == "http" || scheme == "webcal" || scheme == "webcals";
}

}  // namespace

std::optional<std::string> parse_path(const Text& text, const fs::path& folder, ProblemLog& log) {
    if (text.value.starts_with("~")) {
        log.error(text.place, in_quotes(text.value) + ": \"~\" has no meaning here; write the whole path");
        return std::nullopt;
    }
    return (folder / text.value).lexically_normal().string();
}

std::optional<std::string> parse_secret_file(const Text& text, std::string_view kind, const fs::path& folder,
                                             ProblemLog& log) {
    const std::string named = "the " + std::string(kind) + " file " + in_quotes(text.value);
    const auto path = parse_path(text, folder, log);
    if (!path) return std::nullopt;
    struct stat status {};
    if (stat(path->c_str(), &status) != 0) {
        log.error(text.place, named + " cannot be found: " + std::generic_category().message(errno));
        return std::nullopt;
    }
    if (!S_ISREG(status.st_mode)) {
        log.error(text.place, named + " is not a regular file");
        return std::nullopt;
    }
    if ((status.st_mode & S_IROTH) != 0) {
        log.warning(text.place, named + " can be read by everybody on this machine; chmod it to 600");
    }
    return path;
}

std::optional<std::string> parse_password_file(const Text& text, const fs::path& folder, ProblemLog& log) {
    return parse_secret_file(text, "password", folder, log);
}

std::optional<UrlParts> split_url(std::string_view url) {
    constexpr std::string_view never_in_urls = " \"<>\\^`{|}";
    if (url.size() > longest_url || url.find_first_of(never_in_urls) != std::string::npos ||
        find_hidden_character(url))
        return std::nullopt;
    const size_t colon = url.find("://");
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    UrlParts parts;
    parts.scheme = lower(url.substr(0, colon));
    if (!std::all_of(parts.scheme.begin(), parts.scheme.end(), is_scheme_character)) return std::nullopt;
    url.remove_prefix(colon + 3);
    const size_t end = std::min(url.find_first_of("/?#"), url.size());
    parts.rest = url.substr(end);
    if (!split_authority(url.substr(0, end), parts)) return std::nullopt;
    return parts;
}

std::optional<UrlParts> parse_web_url(const Text& text, std::string_view what, ProblemLog& log) {
    const auto parts = split_url(text.value);
    if (parts && (parts->scheme == "https" || parts->scheme == "http")) return parts;
    log.error(text.place,
              in_quotes(what) + " must be a URL that starts with https:// or http:// and names a host");
    return std::nullopt;
}

std::optional<Located<CalendarRef>> CalendarParser::parse(const toml::node& node, const std::string& whose) {
    if (const toml::table* table = node.as_table())
        return parse_table(TableReader(*table, "a calendar", *log_), whose);
    const auto text = as_text(node, "a calendar",
                              "a path or URL, or a table { url = \"...\", type = \"caldav\", ... }", *log_);
    return text ? parse_string(*text, whose) : std::nullopt;
}

std::optional<Located<CalendarRef>> CalendarParser::parse_string(const Text& text, const std::string& whose) {
    auto calendar = looks_like_url(text.value) ? from_url(text, whose) : from_path(text, whose);
    if (!calendar) return std::nullopt;
    return Located<CalendarRef>{std::move(*calendar), text.place};
}

std::optional<Located<CalendarRef>> CalendarParser::parse_table(TableReader table, const std::string& whose) {
    const auto url = table.text("url", "an http(s) or webcal URL");
    const auto path = table.text("path", "a path");
    const auto type = table.text("type", "\"url\", \"caldav\" or \"file\"");
    std::optional<CalendarRef> calendar;
    if (table.has("url") == table.has("path")) {
        log_->error(table.place(), "a calendar has either \"url\" or \"path\"");
    } else if (url) {
        calendar = from_url(*url, whose);
    } else if (path) {
        calendar = from_path(*path, whose);
    }
    CalendarRef credentials;
    const bool has_good_credentials = read_credentials(table, credentials);
    table.report_unknown_keys();
    if (type && type->value != "url" && type->value != "caldav" && type->value != "file") {
        const auto near = nearest(type->value, {"url", "caldav", "file"});
        log_->error(type->place,
                    in_quotes(type->value) + " is no type of calendar" +
                        (near ? did_you_mean(near) : "; there are \"url\", \"caldav\" and \"file\""));
        return std::nullopt;
    }
    if (type && (type->value == "file") != table.has("path")) {
        log_->error(type->place, "the type " + in_quotes(type->value) + " needs a " +
                                     (type->value == "file" ? "\"path\"" : "\"url\""));
        return std::nullopt;
    }
    if (!calendar || !has_good_credentials) return std::nullopt;
    if (table.has("path") && !credentials.user.empty()) {
        log_->error(table.place_of("user"), "a file needs no user; only calendars with a \"url\" have one");
        return std::nullopt;
    }
    if (table.has("path") && !credentials.token_file.empty()) {
        log_->error(table.place_of("token_file"),
                    "a file needs no token; only calendars with a \"url\" have one");
        return std::nullopt;
    }
    if (url) warn_of_plain_http(*url, credentials);
    if (type && type->value == "caldav") calendar->type = CalendarRef::Type::caldav;
    calendar->user = credentials.user;
    calendar->password_file = credentials.password_file;
    calendar->token_file = credentials.token_file;
    return Located<CalendarRef>{std::move(*calendar), url ? url->place : path->place};
}

std::optional<Located<IncidentCalendar>> CalendarParser::parse_collection(TableReader table,
                                                                          const std::string& whose) {
    std::optional<Text> url;
    std::optional<UrlParts> parts;
    if (table.require("url", "the CalDAV collection that incidents are written to")) {
        url = table.text("url", "an http(s) URL");
        if (url) parts = parse_web_url(*url, "url", *log_);
    }
    IncidentCalendar collection;
    const bool has_good_credentials = read_credentials(table, collection.calendar);
    const auto invitations = table.text("invitations", "\"automatic\" or \"mail\"");
    const auto read_every = table.text("read_every", "a duration such as \"15s\"");
    table.report_unknown_keys();
    if (read_every) {
        // A server is not to be worn out, and within an hour an incident is over.
        const auto parsed = parse_duration_between(*read_every, "read_every", std::chrono::seconds(5),
                                                   std::chrono::hours(1), *log_);
        if (!parsed) return std::nullopt;
        collection.read_every = *parsed;
    }
    if (invitations && invitations->value != "automatic" && invitations->value != "mail") {
        log_->error(
            invitations->place,
            "\"invitations\" is \"automatic\" (by the server if it can, else by mail) or \"mail\", not " +
                in_quotes(invitations->value));
        return std::nullopt;
    }
    if (!parts || !has_good_credentials) return std::nullopt;
    warn_of_plain_http(*url, collection.calendar);
    if (invitations && invitations->value == "mail") collection.inviting = IncidentCalendar::Inviting::mail;
    collection.calendar.type = CalendarRef::Type::caldav;
    collection.calendar.location = url->value;
    collection.calendar.label = whose + " incident calendar (" + printable(parts->host) + ")";
    return Located<IncidentCalendar>{std::move(collection), url->place};
}

bool CalendarParser::read_credentials(TableReader& table, CalendarRef& calendar) {
    const auto token = table.text("token_file", "the path of a file that holds the token");
    const bool has_good_user = read_user(table, calendar);
    if (!table.has("token_file")) return has_good_user;
    if (table.has("user") || table.has("password_file")) {
        log_->error(table.place_of("token_file"),
                    "\"token_file\" stands instead of \"user\" and \"password_file\"; leave one of them out");
        return false;
    }
    if (!token) return false;
    const auto file = parse_secret_file(*token, "token", folder_, *log_);
    calendar.token_file = file.value_or("");
    return file.has_value();
}

bool CalendarParser::read_user(TableReader& table, CalendarRef& calendar) {
    const auto user = table.text("user");
    const auto password = table.text("password_file", "the path of a file that holds the password");
    if (table.has("user") != table.has("password_file")) {
        const bool lacks_user = !table.has("user");
        log_->error(table.place_of(lacks_user ? "password_file" : "user"),
                    lacks_user ? "\"password_file\" needs a \"user\"" : "\"user\" needs a \"password_file\"");
        return false;
    }
    if (table.has("user") && (!user || !password)) return false;
    if (!user) return true;
    const auto file = parse_password_file(*password, folder_, *log_);
    calendar.user = user->value;
    calendar.password_file = file.value_or("");
    return file.has_value();
}

void CalendarParser::warn_of_plain_http(const Text& url, const CalendarRef& credentials) {
    const auto parts = split_url(url.value);
    if (!parts || parts->scheme != "http" || is_loopback(parts->host)) return;
    if (credentials.user.empty() && credentials.token_file.empty()) return;
    log_->warning(url.place, std::string("the ") + (credentials.user.empty() ? "token" : "password") +
                                 " travels unencrypted; use https:// if the server has it");
}

std::optional<CalendarRef> CalendarParser::from_url(const Text& text, const std::string& whose) {
    const auto parts = split_url(text.value);
    if (parts && !is_calendar_scheme(parts->scheme)) {
        log_->error(text.place, "a calendar's URL starts with https://, http:// or webcal://, not " +
                                    in_quotes(parts->scheme + "://"));
        return std::nullopt;
    }
    if (!parts) {
        log_->error(text.place,
                    "this calendar's URL is malformed (it is not shown here, since it may be secret); write "
                    "https://HOST/PATH with blanks and other unusual characters percent-encoded");
        return std::nullopt;
    }
    CalendarRef calendar;
    calendar.type = CalendarRef::Type::url;
    calendar.location = text.value;
    calendar.label = whose + " (" + printable(parts->host) + ")";
    return calendar;
}

std::optional<CalendarRef> CalendarParser::from_path(const Text& text, const std::string& whose) {
    if (looks_like_url(text.value)) {
        log_->error(text.place, "\"path\" is a URL; write it as \"url\"");
        return std::nullopt;
    }
    const auto path = parse_path(text, folder_, *log_);
    if (!path) return std::nullopt;
    CalendarRef calendar;
    calendar.type = CalendarRef::Type::file;
    calendar.location = *path;
    calendar.label = whose + " (" + printable(fs::path(*path).filename().string()) + ")";
    return calendar;
}

}  // namespace watchbill
