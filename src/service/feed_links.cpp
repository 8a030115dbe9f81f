#include "service/feed_links.h"

#include "crypto/crypto.h"

namespace watchbill {

namespace {

// 128 bits: nobody guesses it, and the URL still fits in a chat line.
constexpr size_t feed_token_length = 32;

}  // namespace

std::string member_scope(const MemberId& member) { return "member/" + member.email(); }

std::vector<std::string> feed_scopes(const Team& team) {
    std::vector<std::string> scopes{"rotation", "handovers", "absences", "incidents"};
    for (const Member& member : team.members) scopes.push_back(member_scope(member.id));
    return scopes;
}

std::string feed_title(const Team& team, std::string_view scope) {
    return team.title + " " + std::string(scope);
}

std::string FeedTokens::token(std::string_view team, std::string_view scope, int generation) const {
    // Team names have no "|" and generations neither: no two different inputs make the same message.
    std::string message = "watchbill-feed|";
    message.append(team).append("|").append(scope).append("|").append(std::to_string(generation));
    return crypto::hmac_sha256_hex(secret_, message).substr(0, feed_token_length);
}

bool same_token(std::string_view given, std::string_view expected) {
    return crypto::equal_in_constant_time(given, expected);
}

std::string percent_encode(std::string_view text, std::string_view keep) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos || keep.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += '%';
            encoded += digits[byte >> 4U];
            encoded += digits[byte & 0xfU];
        }
    }
    return encoded;
}

std::string scope_in_path(std::string_view scope) {
    constexpr std::string_view member = "member/";
    std::string path;
    if (scope.starts_with(member)) {
        path += member;
        scope.remove_prefix(member.size());
    }
    return path + percent_encode(scope, "@");
}

std::string feed_path(std::string_view team, std::string_view token, std::string_view scope) {
    std::string path = "/feeds/";
    return path.append(team).append("/").append(token).append("/") + scope_in_path(scope) + ".ics";
}

SubscribeLinks subscribe_links(std::string_view public_url, std::string_view path, std::string_view name) {
    SubscribeLinks links;
    links.url = std::string(public_url) + std::string(path);
    const size_t scheme = links.url.find("://");
    links.webcal = "webcal" + links.url.substr(scheme == std::string::npos ? 0 : scheme);
    links.google = "https://calendar.google.com/calendar/r?cid=" + percent_encode(links.webcal);
    const std::string query =
        "/calendar/0/addfromweb?url=" + percent_encode(links.url) + "&name=" + percent_encode(name);
    links.outlook = "https://outlook.office.com" + query;
    links.outlook_live = "https://outlook.live.com" + query;
    return links;
}

}  // namespace watchbill
