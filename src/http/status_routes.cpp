#include <algorithm>

#include "http/json_message.h"
#include "http/routes.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

// Labels name people, so a source that is in trouble is known here by its place in the configuration only;
// the log names it.
Json describe_trouble(size_t index, const SourceState& source) {
    Json trouble{{"source", index + 1},
                 {"state", source_health_name(source.health)},
                 {"last_success", instant_or_null(source.last_success)}};
    if (source.last_error) {
        trouble["error"] = code_name(source.last_error->code);
        trouble["next_attempt"] = format_instant(source.next_attempt);
    }
    return trouble;
}

Json describe(const TeamNotice& notice) {
    Json counts{{"ok", 0}, {"stale", 0}, {"failing", 0}, {"never", 0}};
    Json troubles = Json::array();
    for (size_t i = 0; i < notice.sources.size(); ++i) {
        const SourceState& source = notice.sources[i];
        Json& count = counts[std::string(source_health_name(source.health))];
        count = count.get<int>() + 1;
        if (source.health != SourceHealth::ok) troubles.push_back(describe_trouble(i, source));
    }
    return {{"team", notice.team->name},
            {"ready", notice.ready()},
            {"sources", std::move(counts)},
            {"not_ok", std::move(troubles)}};
}

Response readiness(const NoticeBoard& board, Store& store, const StoreHealth* health) {
    const auto notices = board.all();
    Json teams = Json::array();
    for (const auto& notice : notices) teams.push_back(describe(*notice));
    std::vector<std::string> reasons;
    if (health != nullptr) reasons = health->troubles();
    // A look at the state of three files, as cheap as memory.
    if (const auto placed = store.check_place(); !placed) reasons.push_back(placed.error().message);
    const bool ready =
        reasons.empty() && !notices.empty() &&
        std::all_of(notices.begin(), notices.end(), [](const auto& notice) { return notice->ready(); });
    Json body{{"status", ready ? "ready" : "not ready"}, {"teams", std::move(teams)}};
    if (!reasons.empty()) body["reasons"] = std::move(reasons);
    return json_response(ready ? 200 : 503, body, "no-store");
}

}  // namespace

void add_status_routes(Router& router, const NoticeBoard& board, Store& store, const StoreHealth* health) {
    router.add_at_once("/healthz", [](const Request&, const PathValues&) {
        return json_response(200, {{"status", "ok"}}, "no-store");
    });
    router.add_at_once("/readyz", [&board, &store, health](const Request&, const PathValues&) {
        return readiness(board, store, health);
    });
}

}  // namespace watchbill::http
