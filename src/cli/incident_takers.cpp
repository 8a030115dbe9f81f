#include "cli/incident_takers.h"

#include "cli/logging.h"
#include "ical/reader.h"

namespace watchbill::cli {

MemberId organizer_of(const ServerConfig& server) {
    if (server.mail) return server.mail->from;
    return *MemberId::parse("incidents@watchbill.invalid");
}

IncidentTaker::IncidentTaker(const Config& config, Store& store, const Clock& clock,
                             const std::string& secret)
    : config_(config),
      store_(store),
      clock_(clock),
      links_(secret),
      mail_(config.server.mail.has_value()),
      desk_(store, clock, links_, {organizer_of(config.server), nullptr, nullptr, {}, {}, &mail_}),
      replies_(store, desk_, [this](const std::string& team) { return look(team); }) {
    links_.set_public_url(config.server.public_url);
}

std::shared_ptr<const TeamNotice> IncidentTaker::look(const std::string& name) const {
    const Team* configured = config_.find_team(name);
    if (configured == nullptr) return nullptr;
    ical::initialise();
    const auto team = std::make_shared<const Team>(*configured);
    const auto source = make_source();
    const auto planner = make_planner();
    const auto log = make_silent_logger();
    const Instant now = clock_.now();
    const Ports ports{source.get(), &store_, planner.get(), log.get(), make_pacing()};
    auto view = view_team(team, planning_window(*team, now), ports, now, Asking::copies_only);
    if (!view) return nullptr;
    auto notice = std::make_shared<TeamNotice>();
    notice->team = team;
    notice->plan = std::make_shared<const Plan>(std::move(view->draft.plan));
    notice->availability = std::make_shared<const TeamAvailability>(std::move(view->availability));
    return notice;
}

}  // namespace watchbill::cli
