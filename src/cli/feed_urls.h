// The secret addresses of a team's feeds, as `serve` and `token` print them.
#pragma once

#include <string>
#include <vector>

#include "service/feed_links.h"
#include "watchbill/ports.h"

namespace watchbill::cli {

struct FeedUrl {
    std::string scope;
    SubscribeLinks links;
};

// Errors: those of the store. Where it is null nothing was revoked yet.
Result<std::vector<FeedUrl>> feed_urls(const Team& team, const FeedTokens& tokens, Store* store,
                                       const std::string& public_url);

}  // namespace watchbill::cli
