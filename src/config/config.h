// The configuration: watchbill.toml for the server and a folder of one TOML file a team (DESIGN.md 9).
// Everything is checked here, so the rest may rely on it. Thread-safe: no state.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"
#include "watchbill/ip_address.h"
#include "watchbill/team.h"

namespace watchbill {

struct ListenAddress {
    std::string host = "127.0.0.1";  // without brackets: "::1"
    std::uint16_t port = 8080;       // 0: any free port
    bool operator==(const ListenAddress&) const = default;
};

enum class StartTls { required, optional, never };

struct MailSettings {
    MemberId from;
    std::string smtp;  // "smtp://host:port" or "smtps://host:port", without credentials
    StartTls starttls = StartTls::required;
    std::string user;           // "" for none
    std::string password_file;  // absolute path; "" exactly when there is no user
    // Whose Authentication-Results count in mails that come in (RFC 8601 2.5); "" where it is not said.
    std::string authserv_id;
    bool operator==(const MailSettings&) const = default;
};

// Absolute paths of PEM files.
struct TlsSettings {
    std::string certificate;  // the server's own, followed by those between it and the root
    std::string key;
    bool operator==(const TlsSettings&) const = default;
};

enum class LogFormat { human, json };
// From which on something is logged.
enum class LogLevel { debug, info, warning, error };

struct ServerConfig {
    ListenAddress listen;
    std::string public_url;    // http(s), no trailing slash; where none was given, the listen address
    std::string database;      // "sqlite:/absolute/path", or "postgresql://..." (a secret)
    std::string teams_folder;  // absolute path
    std::string secret_file;   // absolute path; may not exist yet
    LogFormat log_format = LogFormat::human;
    LogLevel log_level = LogLevel::info;
    std::vector<std::string> cors_origins;  // of pages that may read answers, as browsers send them
    std::optional<TlsSettings> tls;         // without it connections are not encrypted
    std::vector<IpRange> trusted_proxies;   // whose X-Forwarded-For is believed
    std::optional<MailSettings> mail;       // without it invitations wait in the outbox
    bool operator==(const ServerConfig&) const = default;
};

struct Config {
    ServerConfig server;
    std::vector<Team> teams;  // by file name; at least one

    const Team* find_team(std::string_view name) const;  // null when there is none
};

// A calendar that the configuration names, for whoever checks that it can be read.
struct ConfiguredCalendar {
    CalendarRef calendar;
    ZoneName zone;    // in which its floating times are read
    FilePlace place;  // of its location
    std::string team;
    MemberId owner = {};  // empty for a holiday calendar
};

// A member without any calendar, of whom no absence and no night duty can be known.
struct MemberWithoutCalendar {
    std::string name;
    MemberId id;
    FilePlace place;
};

// A CalDAV collection that events are put into, for whoever checks that it takes them.
struct ConfiguredCollection {
    CalendarRef calendar;
    FilePlace place;  // of its URL
};

// A rotation's place, for whoever finds something odd about it.
struct ConfiguredRotation {
    std::string team;
    std::string rotation;
    FilePlace place;  // where it is named
};

// The server's part as far as it is usable, with the places that later checks may complain about.
struct ConfiguredServer {
    ServerConfig settings;
    FilePlace database_place;
    FilePlace secret_file_place;
    FilePlace smtp_place;
    bool has_mail = false;  // a [mail] table is there, right or wrong
};

struct ConfigLoad {
    std::optional<Config> config;               // set exactly when no problem is an error
    std::vector<Problem> problems;              // every one, errors and warnings, by file and place
    std::optional<ConfiguredServer> server;     // also when there are errors, unless the file is no TOML
    std::vector<ConfiguredCalendar> calendars;  // every well-formed one, also when there are errors elsewhere
    std::vector<MemberWithoutCalendar>
        without_calendar;  // of every readable team file, in the members' order
    std::vector<ConfiguredCollection> incident_calendars;  // the same, one for each team that has one
    std::vector<ConfiguredRotation> rotations;             // of every readable team file, in the teams' order
};

// Reads `path` and the team files it leads to. Reads no calendars, opens no database, makes no file. Where
// the system has no usable time zone database that is the one problem, at the file's first line.
ConfigLoad load_config(const std::filesystem::path& path);

}  // namespace watchbill
