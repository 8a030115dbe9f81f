#include "store/tokens.h"

#include <sstream>

#include "store/changes.h"
#include "store/seconds.h"
#include "store/soci_errors.h"

namespace watchbill::store {

using soci::into;
using soci::use;

namespace {

struct TokenRow {
    std::string id;
    std::string name;
    std::string digest;
    std::string scopes;
    long long created_at = 0;
    long long expires_at = 0;
    long long last_used_at = 0;
    long long revoked_at = 0;
};

constexpr const char* columns = "id, name, digest, scopes, created_at, expires_at, last_used_at, revoked_at";

ApiToken from_row(const TokenRow& row) {
    ApiToken token;
    token.id = row.id;
    token.name = row.name;
    token.digest = row.digest;
    std::istringstream scopes(row.scopes);
    for (std::string scope; scopes >> scope;) token.scopes.push_back(scope);
    token.created_at = to_instant(row.created_at);
    token.expires_at = to_optional_instant(row.expires_at);
    token.last_used_at = to_optional_instant(row.last_used_at);
    token.revoked_at = to_optional_instant(row.revoked_at);
    return token;
}

}  // namespace

Result<std::vector<ApiToken>> select_api_tokens(soci::session& sql) {
    TokenRow row;
    soci::statement select =
        (sql.prepare << "SELECT " << columns << " FROM api_tokens ORDER BY created_at, id", into(row.id),
         into(row.name), into(row.digest), into(row.scopes), into(row.created_at), into(row.expires_at),
         into(row.last_used_at), into(row.revoked_at));
    select.execute();
    std::vector<ApiToken> tokens;
    while (select.fetch()) tokens.push_back(from_row(row));
    return tokens;
}

Result<std::optional<ApiToken>> select_api_token(soci::session& sql, const std::string& digest) {
    TokenRow row;
    sql << "SELECT " << columns << " FROM api_tokens WHERE digest = :digest", use(digest), into(row.id),
        into(row.name), into(row.digest), into(row.scopes), into(row.created_at), into(row.expires_at),
        into(row.last_used_at), into(row.revoked_at);
    if (!sql.got_data()) return std::nullopt;
    return std::optional(from_row(row));
}

Result<void> add_api_token(soci::session& sql, const ApiToken& token, const AuditEntry& entry) {
    soci::transaction transaction(sql);
    add_audit_entry(sql, entry);
    std::string scopes;
    for (const std::string& scope : token.scopes) scopes += (scopes.empty() ? "" : " ") + scope;
    const long long created = to_seconds(token.created_at);
    const long long expires = seconds_or_zero(token.expires_at);
    const long long used = seconds_or_zero(token.last_used_at);
    const long long revoked = seconds_or_zero(token.revoked_at);
    sql << "INSERT INTO api_tokens (" << columns
        << ") VALUES (:id, :name, :digest, :scopes, :created, :expires, :used, :revoked)",
        use(token.id), use(token.name), use(token.digest), use(scopes), use(created), use(expires), use(used),
        use(revoked);
    transaction.commit();
    return {};
}

Result<void> revoke_api_token(soci::session& sql, const std::string& id, const AuditEntry& entry) {
    soci::transaction transaction(sql);
    add_audit_entry(sql, entry);
    int count = 0;
    sql << "SELECT COUNT(*) FROM api_tokens WHERE id = :id", use(id), into(count);
    if (count == 0)
        return fail(ErrorCode::not_found, "no API token has this id; `token list` shows them", id);
    const long long at = to_seconds(entry.at);
    sql << "UPDATE api_tokens SET revoked_at = :at WHERE id = :id AND revoked_at = 0", use(at), use(id);
    transaction.commit();
    return {};
}

Result<void> touch_api_token(soci::session& sql, const std::string& id, Instant used_at) {
    const long long at = used_at.time_since_epoch().count();
    sql << "UPDATE api_tokens SET last_used_at = :at WHERE id = :id", use(at), use(id);
    return {};
}

Result<void> end_page_session(soci::session& sql, const std::string& digest, Instant forget_at) {
    const long long at = to_seconds(forget_at);
    sql << "INSERT INTO ended_sessions (session_digest, forget_at) VALUES (:digest, :at)"
           " ON CONFLICT (session_digest) DO UPDATE SET forget_at = excluded.forget_at",
        use(digest), use(at);
    return {};
}

Result<bool> page_session_has_ended(soci::session& sql, const std::string& digest) {
    int count = 0;
    sql << "SELECT COUNT(*) FROM ended_sessions WHERE session_digest = :digest", use(digest), into(count);
    return count > 0;
}

}  // namespace watchbill::store
