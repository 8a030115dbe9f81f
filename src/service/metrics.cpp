#include "service/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <map>
#include <mutex>
#include <sstream>

#include "service/team_gauges.h"

namespace watchbill {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using CounterFamily = prometheus::Family<prometheus::Counter>;

constexpr std::array status_classes = {"2xx", "3xx", "4xx", "5xx"};

size_t class_of(int status) {
    const int hundreds = std::clamp(status / 100, 2, 5);
    return static_cast<size_t>(hundreds - 2);
}

constexpr std::array every_error = {
    ErrorCode::invalid_input, ErrorCode::not_found,     ErrorCode::not_a_calendar, ErrorCode::too_large,
    ErrorCode::timeout,       ErrorCode::unavailable,   ErrorCode::refused,        ErrorCode::conflict,
    ErrorCode::damaged,       ErrorCode::newer_version,
};

// Counts of one route by method and class of status. All are there from the start: a rate over a count that
// appears with its first error would not show that error.
class CountedRoute final : public RouteMeter {
public:
    CountedRoute(CounterFamily& requests, const std::string& pattern, std::vector<std::string> methods,
                 DurationMeter& durations)
        : methods_(std::move(methods)), durations_(durations) {
        for (const std::string& method : methods_) {
            auto& counts = counts_.emplace_back();
            for (size_t i = 0; i < status_classes.size(); ++i) {
                counts[i] = &requests.Add(
                    {{"method", method}, {"route", pattern}, {"status_class", status_classes[i]}});
            }
        }
    }

    void note(std::string_view method, int status, std::chrono::nanoseconds took) override {
        const auto known = std::find(methods_.begin(), std::prev(methods_.end()), method);
        counts_[static_cast<size_t>(known - methods_.begin())][class_of(status)]->Increment();
        durations_.note(took);
    }

private:
    std::vector<std::string> methods_;
    std::vector<std::array<prometheus::Counter*, status_classes.size()>> counts_;  // the registry's
    DurationMeter& durations_;
};

class CountedTeam final : public TeamMeter {
public:
    CountedTeam(CounterFamily& fetches, CounterFamily& changes, CounterFamily& escalations,
                const std::string& team)
        : read_(fetches.Add({{"team", team}, {"result", "ok"}})),
          not_modified_(fetches.Add({{"team", team}, {"result", "not_modified"}})),
          changes_(changes.Add({{"team", team}})),
          asked_(escalations.Add({{"team", team}, {"result", "asked"}})),
          exhausted_(escalations.Add({{"team", team}, {"result", "exhausted"}})) {
        for (const ErrorCode code : every_error)
            failures_.emplace(code, &fetches.Add({{"team", team}, {"result", std::string(code_name(code))}}));
    }

    void note_calendar_read(bool changed_nothing) override {
        (changed_nothing ? not_modified_ : read_).Increment();
    }
    void note_calendar_failure(ErrorCode code) override { failures_.at(code)->Increment(); }
    void note_published(size_t shifts) override { changes_.Increment(static_cast<double>(shifts)); }
    void note_escalation(bool exhausted) override { (exhausted ? exhausted_ : asked_).Increment(); }

private:
    prometheus::Counter& read_;
    prometheus::Counter& not_modified_;
    prometheus::Counter& changes_;
    prometheus::Counter& asked_;
    prometheus::Counter& exhausted_;
    std::map<ErrorCode, prometheus::Counter*> failures_;  // the registry's
};

ClientMetric to_histogram(const DurationMeter::Reading& reading) {
    ClientMetric metric;
    std::uint64_t below = 0;
    for (size_t i = 0; i < duration_bounds.size(); ++i) {
        below += reading.counts[i];
        metric.histogram.bucket.push_back({below, duration_bounds[i]});
    }
    below += reading.counts.back();
    metric.histogram.bucket.push_back({below, std::numeric_limits<double>::infinity()});
    metric.histogram.sample_count = below;
    metric.histogram.sample_sum = reading.total_seconds;
    return metric;
}

MetricFamily family(const char* name, const char* help, MetricType type) { return {name, help, type, {}}; }

class GaugeFamily {
public:
    GaugeFamily(const char* name, const char* help) : family_(family(name, help, MetricType::Gauge)) {}

    void add(std::vector<ClientMetric::Label> labels, double value) {
        ClientMetric metric;
        metric.label = std::move(labels);
        metric.gauge.value = value;
        family_.metric.push_back(std::move(metric));
    }
    const MetricFamily& get() const { return family_; }

private:
    MetricFamily family_;
};

// Counts of all attempts, and the last look at what waits.
class CountedOutbox final : public OutboxMeter {
public:
    explicit CountedOutbox(CounterFamily& attempts)
        : sent_(attempts.Add({{"outcome", "sent"}})),
          retried_(attempts.Add({{"outcome", "retried"}})),
          failed_(attempts.Add({{"outcome", "failed"}})) {}

    void note_waiting(const OutboxSummary& summary) override {
        const std::lock_guard lock(mutex_);
        summary_ = summary;
    }
    void note_attempt(DeliveryState state) override {
        switch (state) {
            case DeliveryState::sent: sent_.Increment(); break;
            case DeliveryState::queued: retried_.Increment(); break;
            case DeliveryState::failed: failed_.Increment(); break;
            case DeliveryState::dropped: break;
        }
    }
    // Nothing before the first look.
    std::optional<OutboxSummary> summary() const {
        const std::lock_guard lock(mutex_);
        return summary_;
    }

private:
    prometheus::Counter& sent_;
    prometheus::Counter& retried_;
    prometheus::Counter& failed_;
    mutable std::mutex mutex_;
    std::optional<OutboxSummary> summary_;
};

double seconds_of(Duration duration) { return static_cast<double>(duration.count()); }

std::vector<MetricFamily> team_families(const std::vector<std::shared_ptr<const TeamNotice>>& notices,
                                        Moment now) {
    GaugeFamily stale("watchbill_calendar_stale", "Calendars of which the last good copy is in use.");
    GaugeFamily failing("watchbill_calendar_failing", "Calendars that fail and of which there is no copy.");
    GaugeFamily oldest("watchbill_calendar_oldest_success_seconds",
                       "Age of the last answer of the calendar that is silent longest.");
    GaugeFamily uncovered("watchbill_plan_uncovered_days",
                          "Dates with a shift that nobody serves, from now on.");
    GaugeFamily published("watchbill_published_at",
                          "When the plan that subscribers see was last made, in seconds since 1970.");
    GaugeFamily incidents("watchbill_incidents", "Incidents by state.");
    GaugeFamily unanswered("watchbill_incidents_unanswered",
                           "Open incidents with a part that nobody is left to be asked for.");
    GaugeFamily untold("watchbill_incidents_untold",
                       "Open incidents with somebody whom their invitation has not reached: no mail server "
                       "answers, or it was refused.");
    for (const auto& notice : notices) {
        const TeamGauges gauges = gauge_team(*notice, now);
        const ClientMetric::Label team{"team", gauges.team};
        stale.add({team}, static_cast<double>(gauges.stale));
        failing.add({team}, static_cast<double>(gauges.failing));
        if (gauges.oldest_answer) oldest.add({team}, seconds_of(*gauges.oldest_answer));
        const IncidentCensus& census = notice->incidents;
        incidents.add({team, {"state", "open"}}, static_cast<double>(census.counts.open));
        incidents.add({team, {"state", "resolved"}}, static_cast<double>(census.counts.resolved));
        incidents.add({team, {"state", "cancelled"}}, static_cast<double>(census.counts.cancelled));
        unanswered.add({team}, static_cast<double>(census.unanswered));
        untold.add({team}, static_cast<double>(census.untold));
        if (!gauges.published_at) continue;
        uncovered.add({team, {"within", "14d"}}, static_cast<double>(gauges.uncovered_days_soon));
        uncovered.add({team, {"within", "horizon"}}, static_cast<double>(gauges.uncovered_days));
        published.add({team}, seconds_of(gauges.published_at->time_since_epoch()));
    }
    return {stale.get(),     failing.get(),   oldest.get(),     uncovered.get(),
            published.get(), incidents.get(), unanswered.get(), untold.get()};
}

struct OutboxNames {
    const char* messages;
    const char* messages_help;
    const char* oldest;
    const char* oldest_help;
};
constexpr OutboxNames mail_names{
    "watchbill_outbox_messages", "Mails that wait to be sent, and that failed for good.",
    "watchbill_outbox_oldest_seconds", "How long the oldest mail has waited; 0 for none."};
constexpr OutboxNames event_names{
    "watchbill_incident_calendar_events",
    "Changes of incidents that wait to be put into their calendars, and that failed for good.",
    "watchbill_incident_calendar_oldest_seconds", "How long the oldest such change has waited; 0 for none."};

std::vector<MetricFamily> outbox_families(const OutboxNames& names, const OutboxSummary& summary,
                                          Instant now) {
    GaugeFamily messages(names.messages, names.messages_help);
    messages.add({{"state", "queued"}}, static_cast<double>(summary.queued));
    messages.add({{"state", "failed"}}, static_cast<double>(summary.failed));
    GaugeFamily oldest(names.oldest, names.oldest_help);
    const Duration age = summary.oldest_queued ? now - *summary.oldest_queued : Duration(0);
    oldest.add({}, seconds_of(std::max(age, Duration(0))));
    return {messages.get(), oldest.get()};
}

}  // namespace

class Metrics::Registry {
public:
    explicit Registry(const std::string& version) {
        prometheus::BuildGauge()
            .Name("watchbill_build_info")
            .Help("1; the label is the version that runs.")
            .Register(registry_)
            .Add({{"version", version}})
            .Set(1);
    }

    RouteMeter& route(const std::string& pattern, std::vector<std::string> methods) {
        const std::lock_guard lock(mutex_);
        routes_.push_back(std::make_unique<CountedRoute>(requests_, pattern, std::move(methods),
                                                         request_durations_[pattern]));
        return *routes_.back();
    }

    TeamMeter& team(const std::string& name) {
        const std::lock_guard lock(mutex_);
        auto& meter = teams_[name];
        if (meter == nullptr) meter = std::make_unique<CountedTeam>(fetches_, changes_, escalations_, name);
        return *meter;
    }

    DurationMeter& planning() { return planning_; }
    CountedOutbox& outbox() { return outbox_; }
    CountedOutbox& incident_calendars() { return incident_calendars_; }
    prometheus::Gauge& connections() { return connections_; }

    std::vector<MetricFamily> collect() const {
        auto families = registry_.Collect();
        auto requests =
            family("watchbill_http_request_seconds",
                   "From a request that is there in full to its answer, by route.", MetricType::Histogram);
        {
            const std::lock_guard lock(mutex_);
            for (const auto& [pattern, durations] : request_durations_) {
                ClientMetric metric = to_histogram(durations.read());
                metric.label.push_back({"route", pattern});
                requests.metric.push_back(std::move(metric));
            }
        }
        families.push_back(std::move(requests));
        auto planning =
            family("watchbill_plan_seconds", "Making and publishing a team's plan.", MetricType::Histogram);
        planning.metric.push_back(to_histogram(planning_.read()));
        families.push_back(std::move(planning));
        return families;
    }

private:
    CounterFamily& counters(const char* name, const char* help) {
        return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
    }

    prometheus::Registry registry_;
    CounterFamily& requests_ = counters("watchbill_http_requests_total", "Requests answered.");
    CounterFamily& fetches_ = counters("watchbill_calendar_fetches_total",
                                       "Calendars asked, by what came of it: ok, not_modified or an error.");
    CounterFamily& changes_ =
        counters("watchbill_plan_changes_total", "Shifts published anew or differently, or withdrawn.");
    CounterFamily& escalations_ =
        counters("watchbill_incident_escalations_total",
                 "People who declined or did not answer: the next one was asked, or nobody was left.");
    prometheus::Gauge& connections_ = prometheus::BuildGauge()
                                          .Name("watchbill_http_connections")
                                          .Help("Connections that are open.")
                                          .Register(registry_)
                                          .Add({});
    DurationMeter planning_;
    CountedOutbox outbox_{
        counters("watchbill_outbox_attempts_total", "Mails handed to the mail server, by what came of it.")};
    CountedOutbox incident_calendars_{counters("watchbill_incident_calendar_attempts_total",
                                               "Attempts to put incidents into calendars, by what came of "
                                               "them.")};

    mutable std::mutex mutex_;  // guards what follows; what its pointers lead to guards itself
    std::map<std::string, DurationMeter> request_durations_;  // by pattern
    std::vector<std::unique_ptr<RouteMeter>> routes_;
    std::map<std::string, std::unique_ptr<TeamMeter>> teams_;
};

Metrics::Metrics(const std::string& version) : registry_(std::make_unique<Registry>(version)) {}
Metrics::~Metrics() = default;

RouteMeter& Metrics::route(const std::string& pattern, std::vector<std::string> methods) {
    return registry_->route(pattern, std::move(methods));
}
TeamMeter& Metrics::team(const std::string& name) { return registry_->team(name); }
DurationMeter& Metrics::planning() { return registry_->planning(); }
OutboxMeter& Metrics::outbox() { return registry_->outbox(); }
OutboxMeter& Metrics::incident_calendars() { return registry_->incident_calendars(); }

void Metrics::connection_opened() { registry_->connections().Increment(); }
void Metrics::connection_closed() { registry_->connections().Decrement(); }

std::string Metrics::text(const std::vector<std::shared_ptr<const TeamNotice>>& notices, Moment now) const {
    auto families = registry_->collect();
    for (MetricFamily& family : team_families(notices, now)) families.push_back(std::move(family));
    const auto add_outbox = [&](const OutboxNames& names, const CountedOutbox& outbox) {
        const auto summary = outbox.summary();
        if (!summary) return;
        for (MetricFamily& family : outbox_families(names, *summary, now.wall))
            families.push_back(std::move(family));
    };
    add_outbox(mail_names, registry_->outbox());
    add_outbox(event_names, registry_->incident_calendars());
    std::erase_if(families, [](const MetricFamily& family) { return family.metric.empty(); });
    std::ostringstream text;
    prometheus::TextSerializer().Serialize(text, families);
    return text.str();
}

}  // namespace watchbill
