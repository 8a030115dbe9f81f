#include "http/authentication.h"

#include "http/cookies.h"
#include "http/own_page.h"
#include "http/problem.h"
#include "words/ascii.h"

namespace watchbill::http {

namespace {

// "Bearer b64token" (RFC 6750 2.1); the scheme's name is compared without case (RFC 9110 11.1). Several
// Authorization headers arrive joined by ", " and match nothing.
std::optional<std::string> bearer_token(const Request& request) {
    constexpr std::string_view scheme = "Bearer ";
    const auto header = request.header("Authorization");
    if (!header || !same_without_case(std::string_view(*header).substr(0, scheme.size()), scheme))
        return std::nullopt;
    const size_t start = header->find_first_not_of(' ', scheme.size());
    return start == std::string::npos ? std::string() : header->substr(start);
}

Response challenge(Response response, const std::string& parameters) {
    response.add_header("WWW-Authenticate", "Bearer realm=\"watchbill\"" + parameters);
    return response;
}

// Without an error code: none is wrong, it is missing (RFC 6750 3.1).
Response ask_for_token() {
    return challenge(problem(401,
                             "This needs an API token: send \"Authorization: Bearer wb_...\". "
                             "`watchbill token create --scope read --name NAME` makes one."),
                     "");
}

Response refuse_token() {
    return challenge(problem(401, "invalid_token", "The API token is unknown, revoked or expired."),
                     ", error=\"invalid_token\"");
}

Response refuse_scope(ApiScope needed) {
    const std::string name(scope_name(needed));
    return challenge(problem(403, "The API token lacks the scope \"" + name +
                                      "\"; make one that has it with `watchbill token create --scope " +
                                      name + " --name NAME`."),
                     ", error=\"insufficient_scope\", scope=\"" + name + "\"");
}

Response not_now() {
    return problem_for(std::chrono::seconds(5), 503,
                       "The API token cannot be checked now. Trying again in a moment may work.");
}

Response refuse_session() {
    return challenge(problem(401, "signed_out", "You are not signed in any more."), "");
}

Response refuse_other_site() {
    return problem(403, "not_our_page",
                   "Only this server's own page may ask for that with a session; anybody else sends an API "
                   "token as \"Authorization: Bearer wb_...\".");
}

bool is_ours(const Request& request, const PageAccess& page) {
    return is_safe_method(request.method()) ||
           (request.has_header(page_header) && is_from_own_page(request, *page.public_url));
}

tl::expected<std::string, Response> judge(const std::optional<ApiToken>& token, ApiScope needed,
                                          Response (*refuse)()) {
    if (!token) return tl::unexpected(refuse());
    if (!allows(*token, needed)) return tl::unexpected(refuse_scope(needed));
    return "token:" + token->name;
}

tl::expected<std::string, Response> judge_session(const Request& request, const PageAccess& page,
                                                  const std::string& value, ApiScope needed) {
    if (!is_ours(request, page)) return tl::unexpected(refuse_other_site());
    const auto session = page.sessions->find(value);
    if (!session) return tl::unexpected(not_now());
    return judge(*session ? std::optional((*session)->token) : std::nullopt, needed, refuse_session);
}

}  // namespace

Guard guard_with(ApiTokens& tokens, const PageAccess& page) {
    return [&tokens, page](const Request& request, ApiScope needed) -> tl::expected<std::string, Response> {
        if (page.sessions != nullptr && !request.has_header("Authorization")) {
            if (const auto value = cookie(request, session_cookie_name(page.secure())))
                return judge_session(request, page, *value, needed);
        }
        const auto given = bearer_token(request);
        if (!given) return tl::unexpected(ask_for_token());
        const auto token = tokens.find(*given);
        if (!token) return tl::unexpected(not_now());
        return judge(*token, needed, refuse_token);
    };
}

}  // namespace watchbill::http
