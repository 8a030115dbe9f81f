// What the service counts about itself, in the text format that Prometheus reads. Labels are teams, patterns
// of routes and names of results: all bounded by the program and its configuration, and none a person's.
//
// Meters are found once, when a route or a team is set up, and live as long as the metrics. Recording is
// lock-free. Everything is thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/duration_meter.h"
#include "service/moment.h"
#include "service/notice_board.h"
#include "watchbill/outbox.h"

namespace watchbill {

class RouteMeter {
public:
    virtual ~RouteMeter() = default;
    virtual void note(std::string_view method, int status, std::chrono::nanoseconds took) = 0;
};

class TeamMeter {
public:
    virtual ~TeamMeter() = default;
    virtual void note_calendar_read(bool changed_nothing) = 0;  // the source said "not modified"
    virtual void note_calendar_failure(ErrorCode code) = 0;
    virtual void note_published(size_t shifts) = 0;    // anew, differently or withdrawn
    virtual void note_escalation(bool exhausted) = 0;  // the next one was asked, or nobody is left
};

// What waits to be sent by mail, or to be put into calendars, and what came of attempts.
class OutboxMeter {
public:
    virtual ~OutboxMeter() = default;
    virtual void note_waiting(const OutboxSummary& summary) = 0;
    virtual void note_attempt(DeliveryState state) = 0;  // queued: it is tried again
};

class Metrics {
public:
    explicit Metrics(const std::string& version);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // Requests with a method that is not listed count as the last one. Routes of the same pattern share their
    // durations.
    RouteMeter& route(const std::string& pattern, std::vector<std::string> methods);
    // The same for the same name. A team that is gone keeps its counts.
    TeamMeter& team(const std::string& name);
    DurationMeter& planning();
    OutboxMeter& outbox();              // mails
    OutboxMeter& incident_calendars();  // events of incidents

    void connection_opened();
    void connection_closed();

    // All of it, with the gauges of the teams as they are `now`.
    std::string text(const std::vector<std::shared_ptr<const TeamNotice>>& notices, Moment now) const;

private:
    class Registry;
    std::unique_ptr<Registry> registry_;
};

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace watchbill
