// Bearer tokens of the API: how they are made, and what they allow. The token itself is shown once and never
// kept: whoever reads the database can use none of them.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/ports.h"

namespace watchbill {

enum class ApiScope {
    read,      // looks at everything that subscribers see, and at how calendars fare
    incident,  // opens and changes incidents
    mail,      // hands over mails that came in, and sees nothing
    admin,     // everything: overrides, refreshing, and what the others allow
};

std::string_view scope_name(ApiScope scope);  // "read"
std::optional<ApiScope> scope_from_name(std::string_view name);
bool allows(const ApiToken& token, ApiScope needed);

struct TokenRequest {
    std::string name;              // what it is for: "ops bot"
    std::vector<ApiScope> scopes;  // at least one
    Instant now;
    std::optional<Instant> expires_at = std::nullopt;
};

struct NewApiToken {
    std::string secret;  // "wb_" and 64 hex digits (256 random bits)
    ApiToken token;
};

// Errors: invalid_input (a name that is not 1 to 100 printable ASCII characters: it goes into logs and audit
// entries; an end that is not in the future).
Result<NewApiToken> make_api_token(const TokenRequest& request);

// Who holds which token, for requests: a few seconds' memory in front of the store, so that most requests
// run no SQL. Thread-safe.
class ApiTokens {
public:
    // Both must outlive it.
    ApiTokens(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    // The valid token with that secret, nothing for one that is unknown, revoked or expired. Notes its use,
    // at most once a minute. What another process creates is known at once, what it revokes is out within
    // seconds. Errors: those of the store.
    //
    // Tokens are found by their digest, so how long it takes says nothing of how close a guess was.
    Result<std::optional<ApiToken>> find(std::string_view secret);
    // The same for who proved already, with that secret, to hold the token with this id: sessions.
    Result<std::optional<ApiToken>> find_by_id(const std::string& id);

private:
    struct Known {
        ApiToken token;
        Instant read_at;
    };

    using Lookup = Result<std::optional<ApiToken>> (ApiTokens::*)(const std::string& key);
    using Memory = std::map<std::string, Known>;

    Result<std::optional<ApiToken>> valid(Memory& memory, const std::string& key, Lookup look_up);
    Result<std::optional<ApiToken>> recall(Memory& memory, const std::string& key, Lookup look_up,
                                           Instant now);
    Result<std::optional<ApiToken>> look_up_digest(const std::string& digest);
    Result<std::optional<ApiToken>> look_up_id(const std::string& id);
    void note_use(const ApiToken& token, Instant now);

    Store& store_;
    const Clock& clock_;
    std::mutex mutex_;
    Memory known_;                                   // by digest; tokens that exist only, so it stays small
    Memory known_by_id_;                             // likewise
    std::map<std::string, Instant> last_noted_use_;  // by id
};

}  // namespace watchbill
