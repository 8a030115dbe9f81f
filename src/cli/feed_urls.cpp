#include "cli/feed_urls.h"

namespace watchbill::cli {

namespace {

// What a calendar is called where the client asks at subscription: "Payments rotation".
std::string calendar_name(const Team& team, const std::string& scope) { return team.title + " " + scope; }

}  // namespace

Result<std::vector<FeedUrl>> feed_urls(const Team& team, const FeedTokens& tokens, Store* store,
                                       const std::string& public_url) {
    std::vector<FeedUrl> urls;
    for (const std::string& scope : feed_scopes(team)) {
        int generation = 0;
        if (store != nullptr) {
            const auto stored = store->feed_generation(team.name, scope);
            if (!stored) return tl::unexpected(stored.error());
            generation = *stored;
        }
        const std::string path = feed_path(team.name, tokens.token(team.name, scope, generation), scope);
        urls.push_back({scope, subscribe_links(public_url, path, calendar_name(team, scope))});
    }
    return urls;
}

}  // namespace watchbill::cli
