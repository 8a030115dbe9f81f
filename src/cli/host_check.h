// What only this machine can tell about a configuration: whether the secret and the database can be used,
// whether the mail server takes us, and whether each calendar can be read and what it holds. Changes nothing
// on it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "mail/smtp_transport.h"
#include "watchbill/event_calendar.h"
#include "watchbill/occurrence.h"
#include "watchbill/ports.h"

namespace watchbill::cli {

std::vector<Problem> check_server(const ConfiguredServer& server);

struct MailCheck {
    std::string server;  // as configured, without a secret
    FilePlace place;     // of its URL
    Result<mail::SmtpAbilities> answer;
};

// Nothing where no usable mail server is configured. Takes 10 s at most, and sends no mail.
std::optional<MailCheck> check_mail(const ConfiguredServer& server);
// One error for a server that does not take us.
std::vector<Problem> problems_of(const MailCheck& check);

// How many occurrences mean what for the rotation.
struct CalendarContents {
    size_t absences = 0;  // of a holiday calendar: the holidays
    size_t night_duties = 0;
    size_t swaps = 0;  // and covers
    size_t others = 0;
};

struct CalendarCheck {
    ConfiguredCalendar configured;
    std::vector<FilePlace> also;      // where else the same calendar stands: teams share members and holidays
    Result<CalendarReading> reading;  // of the window that was asked for
    CalendarContents contents;        // of a reading
};

// Each calendar once, several at a time, in the order given. Blocks as long as the slowest source. `config`
// tells the teams' keywords; without it the built-in ones count.
std::vector<CalendarCheck> check_calendars(const std::vector<ConfiguredCalendar>& calendars,
                                           const std::optional<Config>& config, CalendarSource& source,
                                           Interval window);
// Of a CalDAV collection that events are put into.
struct CollectionCheck {
    ConfiguredCollection configured;
    Result<CalendarAbilities> abilities;
};

// All of them, several at a time, in the order given. Blocks as long as the slowest server.
std::vector<CollectionCheck> check_collections(const std::vector<ConfiguredCollection>& collections);
// One error for a collection that cannot be used.
std::vector<Problem> problems_of(const CollectionCheck& check);

// One error for a calendar that cannot be read, one warning for each of its warnings that is not like
// another.
std::vector<Problem> problems_of(const CalendarCheck& check);

}  // namespace watchbill::cli
