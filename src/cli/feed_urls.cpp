#include "cli/feed_urls.h"

namespace watchbill::cli {

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
        urls.push_back({scope, subscribe_links(public_url, path, feed_title(team, scope))});
    }
    return urls;
}

}  // namespace watchbill::cli
