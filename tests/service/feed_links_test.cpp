#include "service/feed_links.h"

#include <catch2/catch.hpp>

namespace feed_links_test {

using namespace watchbill;

namespace {

const MemberId alice = *MemberId::parse("alice+rota@example.com");

}  // namespace

TEST_CASE("Tokens depend on the secret, the team, the scope and the generation") {
    const FeedTokens tokens("secret");
    const std::string token = tokens.token("payments", "rotation", 0);
    // printf 'watchbill-feed|payments|rotation|0' | openssl dgst -sha256 -hmac secret
    CHECK(token == "4933f454b1ee9f3084ad18598d29a654");
    CHECK(tokens.token("payments", "rotation", 0) == token);
    CHECK(tokens.token("payments", "rotation", 1) != token);
    CHECK(tokens.token("payments", "absences", 0) != token);
    CHECK(tokens.token("search", "rotation", 0) != token);
    CHECK(FeedTokens("Secret").token("payments", "rotation", 0) != token);
}

TEST_CASE("Tokens are the same only as a whole") {
    CHECK(same_token("abc", "abc"));
    CHECK_FALSE(same_token("abc", "abd"));
    CHECK_FALSE(same_token("ab", "abc"));
    CHECK_FALSE(same_token("", "abc"));
}

TEST_CASE("A team has a feed for each view and each member") {
    Team team;
    Member member;
    member.id = alice;
    team.members.push_back(member);
    CHECK(feed_scopes(team) == std::vector<std::string>{"rotation", "handovers", "absences", "incidents",
                                                        "member/alice+rota@example.com"});
}

TEST_CASE("Feed paths are percent-encoded where people write odd addresses") {
    CHECK(feed_path("payments", "0a", "rotation") == "/feeds/payments/0a/rotation.ics");
    CHECK(feed_path("payments", "0a", member_scope(alice)) ==
          "/feeds/payments/0a/member/alice%2Brota@example.com.ics");
    CHECK(feed_path("payments", "0a", "member/a/b#c%@example.com") ==
          "/feeds/payments/0a/member/a%2Fb%23c%25@example.com.ics");
    CHECK(percent_encode("zo\xc3\xab ~-._") == "zo%C3%AB%20~-._");
}

TEST_CASE("There is a link for each kind of calendar client") {
    const SubscribeLinks links =
        subscribe_links("https://rota.example.com/base", "/feeds/p/0a/rotation.ics", "Payments rotation");
    CHECK(links.url == "https://rota.example.com/base/feeds/p/0a/rotation.ics");
    CHECK(links.webcal == "webcal://rota.example.com/base/feeds/p/0a/rotation.ics");
    CHECK(links.google ==
          "https://calendar.google.com/calendar/r?cid="
          "webcal%3A%2F%2Frota.example.com%2Fbase%2Ffeeds%2Fp%2F0a%2Frotation.ics");
    const std::string query =
        "/calendar/0/addfromweb?url=https%3A%2F%2Frota.example.com%2Fbase%2Ffeeds%2Fp%2F0a%2Frotation.ics"
        "&name=Payments%20rotation";
    CHECK(links.outlook == "https://outlook.office.com" + query);
    CHECK(links.outlook_live == "https://outlook.live.com" + query);
}

}  // namespace feed_links_test
