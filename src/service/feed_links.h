// Secret feed URLs: how they are made, and what people click to subscribe. Thread-safe: values only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "watchbill/team.h"

namespace watchbill {

// A feed's scope is its name: "rotation", "handovers", "absences", "incidents", "member/alice@example.com".
std::string member_scope(const MemberId& member);
// All feeds of a team, in the order that people see them.
std::vector<std::string> feed_scopes(const Team& team);

// What a calendar is called where the client asks at subscription: "Payments rotation".
std::string feed_title(const Team& team, std::string_view scope);

class FeedTokens {
public:
    explicit FeedTokens(std::string secret) : secret_(std::move(secret)) {}

    // 32 hex digits of HMAC-SHA-256 over (team, scope, generation). Raising the generation revokes it.
    std::string token(std::string_view team, std::string_view scope, int generation) const;

private:
    std::string secret_;
};

// Takes the same time wherever the first difference is.
bool same_token(std::string_view given, std::string_view expected);

// A scope as a path has it: "member/alice@example.com". A slash in an address is part of it, not of the path.
std::string scope_in_path(std::string_view scope);
// "/feeds/payments/0123.../member/alice@example.com.ics"
std::string feed_path(std::string_view team, std::string_view token, std::string_view scope);
// Everything but letters, digits and -._~ as %XX (RFC 3986 2.3), and `keep` as it is.
std::string percent_encode(std::string_view text, std::string_view keep = {});

struct SubscribeLinks {
    std::string url;      // as the server is reached: https://...
    std::string webcal;   // Apple, Thunderbird
    std::string google;   // Google Calendar's "add by URL"
    std::string outlook;  // Outlook on the web, work or school accounts
    std::string outlook_live;
};

// `public_url` has no trailing slash; `name` is what the calendar will be called.
SubscribeLinks subscribe_links(std::string_view public_url, std::string_view path, std::string_view name);

}  // namespace watchbill
