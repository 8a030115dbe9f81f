#include "cli/api_token_admin.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/acting_desk.h"
#include "cli/terminal_text.h"
#include "service/api_tokens.h"
#include "service/system_clock.h"
#include "store/open_store.h"
#include "time/format.h"

namespace watchbill::cli {

namespace {

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

Json instant_or_null(const std::optional<Instant>& instant) {
    return instant ? Json(format_instant(*instant)) : Json();
}

// The database is made where there is none: tokens may be handed out before the service first starts.
std::unique_ptr<Store> open_store_or_complain(const CommandContext& context) {
    const auto config = load_config_or_complain(context);
    if (!config) return nullptr;
    auto store = open_store(config->server.database);
    if (store) return std::move(*store);
    failure(store.error());
    return nullptr;
}

AuditEntry audit_entry(const std::string& action, const std::string& what) {
    const Actor actor = command_line_actor();
    return {SystemClock().now(), actor.who, actor.from, "", action, what};
}

std::string describe(const ApiToken& token) { return fmt::format("\"{}\" ({})", token.name, token.id); }

// Nothing after a complaint, to be answered with exit_usage.
std::optional<TokenRequest> to_request(const ApiTokenOptions& options) {
    TokenRequest request{options.name, {}, SystemClock().now()};
    for (const std::string& name : options.scopes) {
        const auto scope = scope_from_name(name);
        if (!scope) {
            usage_error(
                fmt::format("--scope: there is no \"{}\"; there is: read, incident, mail, admin", name));
            return std::nullopt;
        }
        request.scopes.push_back(*scope);
    }
    if (options.expires.empty()) return request;
    const auto duration = parse_duration(options.expires);
    if (!duration || *duration <= Duration(0)) {
        usage_error(fmt::format("--expires: \"{}\" is no time such as 90d or 12h", options.expires));
        return std::nullopt;
    }
    request.expires_at = request.now + *duration;
    return request;
}

void print_new(const NewApiToken& made, bool json) {
    if (json) {
        Json object = to_json(made.token);
        object["token"] = made.secret;
        return print_json(object);
    }
    // Alone on standard output, for TOKEN=$(watchbill token create ...).
    fmt::print("{}\n", made.secret);
    fmt::print(
        stderr,
        "This is the API token {} with the scopes {}. It is shown this once; `watchbill token revoke {}` "
        "ends it.\n",
        describe(made.token), join(made.token.scopes), made.token.id);
}

}  // namespace

int create_api_token(const ApiTokenOptions& options, const CommandContext& context) {
    const auto request = to_request(options);
    if (!request) return exit_usage;
    const auto made = make_api_token(*request);
    if (!made) return usage_error(made.error().message);
    const auto store = open_store_or_complain(context);
    if (store == nullptr) return exit_failed;
    const std::string what = fmt::format("made the API token {} with the scopes {}", describe(made->token),
                                         join(made->token.scopes));
    if (auto added = store->add_api_token(made->token, audit_entry("token.create", what)); !added)
        return failure(added.error());
    print_new(*made, context.json);
    return exit_ok;
}

int revoke_api_token(const std::string& id, const CommandContext& context) {
    const auto store = open_store_or_complain(context);
    if (store == nullptr) return exit_failed;
    const auto tokens = store->api_tokens();
    if (!tokens) return failure(tokens.error());
    const auto token =
        std::find_if(tokens->begin(), tokens->end(), [&id](const ApiToken& known) { return known.id == id; });
    if (token == tokens->end())
        return failure(fmt::format("there is no API token {}; `watchbill token list` shows them", id));
    if (token->revoked_at) {
        fmt::print("The API token {} was revoked already, at {}.\n", describe(*token),
                   format_instant(*token->revoked_at));
        return exit_ok;
    }
    const std::string what = "revoked the API token " + describe(*token);
    if (auto revoked = store->revoke_api_token(id, audit_entry("token.revoke", what)); !revoked)
        return failure(revoked.error());
    fmt::print("The API token {} ends within seconds.\n", describe(*token));
    return exit_ok;
}

Json to_json(const ApiToken& token) {
    return Json{{"id", token.id},
                {"name", token.name},
                {"scopes", token.scopes},
                {"created_at", format_instant(token.created_at)},
                {"expires_at", instant_or_null(token.expires_at)},
                {"last_used_at", instant_or_null(token.last_used_at)},
                {"revoked_at", instant_or_null(token.revoked_at)}};
}

void print_in_words(const ApiToken& token) {
    std::string text = fmt::format("API token {}  {}: {}, made {}", token.id, terminal_safe(token.name),
                                   join(token.scopes), format_instant(token.created_at));
    if (token.revoked_at) {
        text += ", REVOKED " + format_instant(*token.revoked_at);
    } else if (token.expires_at) {
        text += ", ends " + format_instant(*token.expires_at);
    }
    text += token.last_used_at ? ", last used " + format_instant(*token.last_used_at) : ", never used";
    fmt::print("{}\n", text);
}

}  // namespace watchbill::cli
