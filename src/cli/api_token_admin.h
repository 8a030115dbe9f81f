// API tokens from the command line: made, listed and revoked in the database itself, whether the service runs
// or not.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/json_output.h"
#include "watchbill/store.h"

namespace watchbill::cli {

struct ApiTokenOptions {
    std::string name;
    std::vector<std::string> scopes;
    std::string expires;  // "90d", "" for never
};

// These return an ExitCode, after a complaint where it is not exit_ok.
int create_api_token(const ApiTokenOptions& options, const CommandContext& context);
int revoke_api_token(const std::string& id, const CommandContext& context);

// What may be shown of a token: not even its digest.
Json to_json(const ApiToken& token);
void print_in_words(const ApiToken& token);

}  // namespace watchbill::cli
