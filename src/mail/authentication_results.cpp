#include "mail/authentication_results.h"

#include <string>

#include "mail/header_text.h"
#include "words/letter_case.h"

namespace watchbill::mail {

namespace {

using Kind = HeaderToken::Kind;

struct AuthenticationResults {
    std::string server;  // authserv-id, lower case; "" where it is left out, as Microsoft does
    bool failed = false;
    bool damaged = false;
};

bool is_special(const HeaderToken& token, std::string_view text) {
    return token.kind == Kind::special && token.text == text;
}

// "dmarc = fail", "dmarc / 1 = fail", wherever in a result; not "policy.dmarc=fail", which is a property.
bool says_failure(const std::vector<HeaderToken>& result) {
    for (size_t i = 0; i < result.size(); ++i) {
        if (result[i].kind == Kind::quoted || lower_case(result[i].text) != "dmarc") continue;
        if (i > 0 && result[i - 1].kind == Kind::word && result[i - 1].text.ends_with('.')) continue;
        size_t at = i + 1;
        if (at + 1 < result.size() && is_special(result[at], "/")) at += 2;
        if (at + 1 < result.size() && is_special(result[at], "=") &&
            lower_case(result[at + 1].text) == "fail")
            return true;
    }
    return false;
}

AuthenticationResults read(std::string_view value) {
    AuthenticationResults results;
    std::vector<std::vector<HeaderToken>> parts(1);
    HeaderText text(value, ";=/");
    while (auto token = text.next()) {
        if (token->kind == Kind::comment) continue;
        if (is_special(*token, ";"))
            parts.emplace_back();
        else
            parts.back().push_back(std::move(*token));
    }
    results.damaged = text.is_damaged();
    const std::vector<HeaderToken>& first = parts.front();
    const bool is_result = first.size() > 1 && (is_special(first[1], "=") || is_special(first[1], "/"));
    if (!first.empty() && !is_result) results.server = lower_case(first.front().text);
    for (const auto& part : parts) results.failed = results.failed || says_failure(part);
    return results;
}

}  // namespace

bool failed_authentication(const std::vector<HeaderField>& header, std::string_view authserv_id) {
    for (const HeaderField& field : header) {
        if (field.name != "authentication-results") continue;
        const AuthenticationResults results = read(field.value);
        const bool counts = authserv_id.empty() || results.server == lower_case(authserv_id);
        if (counts && (results.failed || results.damaged)) return true;
        if (authserv_id.empty()) return false;
    }
    return false;
}

}  // namespace watchbill::mail
