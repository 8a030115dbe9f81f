// `watchbill incident ...`: the HTTP API of a running service on the command line. It knows no more than what
// the API answers, and opens no database.
#include <fmt/core.h>

#include <cstdlib>
#include <fstream>

#include "cli/composition.h"
#include "cli/json_output.h"
#include "cli/terminal_text.h"
#include "http/server/api_client.h"

namespace watchbill::cli {

namespace {

struct ApiOptions {
    std::string team;
    std::string server;
    std::string token_file;
    std::string ca_file;
};

void add_api_options(CLI::App& command, ApiOptions& options) {
    add_team_option(command, options.team);
    add_option(command, "--server", options.server,
               "The service's URL (default: public_url of the configuration)", {"URL"});
    add_option(command, "--token-file", options.token_file,
               "A file with an API token (default: the environment's WATCHBILL_TOKEN)", {"PATH"});
    add_option(command, "--ca-file", options.ca_file, "Certificates to trust, as PEM (default: the system's)",
               {"PATH"});
}

// One team's incidents at one server. Complains by itself.
class ApiDesk {
public:
    static std::optional<ApiDesk> open(const CommandContext& context, const ApiOptions& options) {
        ApiDesk desk;
        desk.ca_file_ = options.ca_file;
        std::string server = options.server;
        std::string team = options.team;
        if (server.empty() || team.empty()) {
            const auto config = load_config_or_complain(context);
            if (!config) return std::nullopt;
            if (server.empty()) server = config->server.public_url;
            if (team.empty() && config->teams.size() == 1) team = config->teams.front().name;
            if (team.empty()) {
                failure("there are several teams, so say which one with --team");
                return std::nullopt;
            }
        }
        while (server.ends_with('/')) server.pop_back();
        desk.base_ = server + "/api/v1/teams/" + team + "/incidents";
        if (!desk.read_token(options.token_file)) return std::nullopt;
        return desk;
    }

    // The answer's JSON; nothing after a complaint.
    std::optional<Json> ask(const std::string& method, const std::string& path, const Json& body = {},
                            const std::string& key = "") const {
        const auto answer =
            http::ask_api({method, base_ + path, token_, body.is_null() ? "" : dump(body), key, ca_file_});
        if (!answer) {
            failure(answer.error());
            return std::nullopt;
        }
        Json json = Json::parse(answer->body, nullptr, false);
        constexpr int first_error = 400;
        if (answer->status < first_error && !json.is_discarded()) return json;
        const bool explained = json.is_object() && json.contains("detail") && json.at("detail").is_string();
        failure(explained ? json.at("detail").get<std::string>()
                          : fmt::format("the server answered {}: is this the address of a Watchbill?",
                                        answer->status));
        return std::nullopt;
    }

private:
    static std::string dump(const Json& body) {
        return body.dump(-1, ' ', false, Json::error_handler_t::replace);
    }

    bool read_token(const std::string& path) {
        if (path.empty()) {
            const char* token = std::getenv("WATCHBILL_TOKEN");
            token_ = token != nullptr ? token : "";
        } else if (std::ifstream file(path); file) {
            std::getline(file, token_);
        } else {
            failure("the file of --token-file cannot be read: " + path);
            return false;
        }
        if (!token_.empty()) return true;
        failure(
            "there is no API token: make one with `watchbill token create --scope read --scope incident`, "
            "and give it in WATCHBILL_TOKEN or with --token-file");
        return false;
    }

    std::string base_;
    std::string token_;
    std::string ca_file_;
};

std::string text_of(const Json& json, const char* member) {
    const auto found = json.find(member);
    return found == json.end() || !found->is_string() ? "" : terminal_safe(found->get<std::string>());
}

std::string name_of(const Json& person) {
    const std::string name = text_of(person, "name");
    if (!name.empty()) return name;
    return text_of(person, person.contains("email") ? "email" : "who");
}

void print_person(const char* label, const Json& person, const std::string& more) {
    fmt::print("  {:<10} {}{}, {}: {}\n", label, name_of(person), more, text_of(person, "rsvp"),
               text_of(person, "why"));
}

std::string listed(const Json& words) {
    std::string text;
    for (const Json& word : words)
        text += (text.empty() ? "" : ", ") + terminal_safe(word.get<std::string>());
    return text;
}

// Of a preview everybody who would be asked; of an open incident who was, and who is next.
void print_ladder(const Json& incident) {
    if (const auto ladder = incident.find("ladder"); ladder != incident.end()) {
        fmt::print("  if nobody answers:\n");
        for (const Json& step : *ladder) {
            fmt::print("    {}  {} ({}): {}\n", text_of(step, "at"), name_of(step), listed(step.at("for")),
                       text_of(step, "why"));
        }
    }
    const auto escalation = incident.find("escalation");
    if (escalation == incident.end() || text_of(incident, "state") != "open") return;
    for (const Json& call : escalation->at("asked")) {
        fmt::print("  asked      {}  {} ({}), by {}: {}\n", text_of(call, "when"), name_of(call),
                   listed(call.at("for")), text_of(call, "how"), text_of(call, "answer"));
    }
    if (text_of(*escalation, "next").empty()) return;
    fmt::print("  next       {}  {}{} ({}), round {}\n", text_of(*escalation, "next_at"),
               text_of(*escalation, "next"),
               escalation->at("all_at_once").get<bool>() ? " and everybody else" : "",
               text_of(*escalation, "next_for"), escalation->at("round").get<int>());
}

void print_incident(const Json& incident) {
    fmt::print("{}  {}  {}  {}\n", text_of(incident, "id"), text_of(incident, "state"),
               text_of(incident, "severity"), text_of(incident, "title"));
    print_person("commander", incident.at("commander"), "");
    for (const Json& expert : incident.at("experts")) {
        const std::string skill = text_of(expert, "skill");
        print_person("expert", expert, skill.empty() ? "" : " (" + skill + ")");
    }
    for (const Json& skill : incident.at("unfilled"))
        fmt::print("  NOBODY for {}\n", terminal_safe(skill.get<std::string>()));
    print_ladder(incident);
    if (!text_of(incident, "conference").empty())
        fmt::print("  join       {}\n", text_of(incident, "conference"));
}

int print(const CommandContext& context, const std::optional<Json>& incident) {
    if (!incident) return exit_failed;
    if (context.json) {
        print_json(*incident);
    } else {
        print_incident(*incident);
    }
    return exit_ok;
}

struct OpenOptions : ApiOptions {
    std::string title, severity, description, start, duration, conference, reporter, key;
    std::vector<std::string> needs, experts;
    bool preview = false;
};

int run_open(const OpenOptions& options, const CommandContext& context) {
    const auto desk = ApiDesk::open(context, options);
    if (!desk) return exit_failed;
    Json body{{"title", options.title}, {"needs", options.needs}, {"experts", options.experts}};
    const auto add = [&body](const char* member, const std::string& value) {
        if (!value.empty()) body[member] = value;
    };
    add("severity", options.severity);
    add("description", options.description);
    add("start", options.start);
    add("duration", options.duration);
    add("conference", options.conference);
    add("reporter", options.reporter);
    if (!options.preview) return print(context, desk->ask("POST", "", body, options.key));
    const auto preview = desk->ask("POST", "/preview", body);
    if (preview && !context.json) fmt::print("Nothing is opened. It would be:\n");
    return print(context, preview);
}

int run_list(const ApiOptions& options, const std::string& state, const CommandContext& context) {
    const auto desk = ApiDesk::open(context, options);
    if (!desk) return exit_failed;
    const auto list = desk->ask("GET", state.empty() ? "" : "?state=" + state);
    if (!list) return exit_failed;
    if (context.json) {
        print_json(*list);
        return exit_ok;
    }
    for (const Json& incident : list->at("incidents")) {
        fmt::print("{}  {:<9}  {}  {}  {}  {}\n", text_of(incident, "id"), text_of(incident, "state"),
                   text_of(incident, "severity"), text_of(incident, "opened_at"),
                   name_of(incident.at("commander")), text_of(incident, "title"));
    }
    return exit_ok;
}

int run_timeline(const ApiOptions& options, const std::string& id, const CommandContext& context) {
    const auto desk = ApiDesk::open(context, options);
    if (!desk) return exit_failed;
    const auto timeline = desk->ask("GET", "/" + id + "/timeline");
    if (!timeline) return exit_failed;
    if (context.json) {
        print_json(*timeline);
        return exit_ok;
    }
    for (const Json& entry : timeline->at("entries"))
        fmt::print("{}  {:<14}  {}\n", text_of(entry, "at"), text_of(entry, "kind"), text_of(entry, "text"));
    return exit_ok;
}

struct ChangeOptions : ApiOptions {
    std::string id, title, severity, description, commander, text;
    std::vector<std::string> add, remove;
};

int run_change(const ChangeOptions& options, const CommandContext& context) {
    const auto desk = ApiDesk::open(context, options);
    if (!desk) return exit_failed;
    Json body = Json::object();
    const auto put = [&body](const char* member, const std::string& value) {
        if (!value.empty()) body[member] = value;
    };
    put("title", options.title);
    put("severity", options.severity);
    put("description", options.description);
    put("commander", options.commander);
    if (!options.add.empty()) body["add_experts"] = options.add;
    if (!options.remove.empty()) body["remove_experts"] = options.remove;
    return print(context, desk->ask("PATCH", "/" + options.id, body));
}

// What takes an incident and perhaps a text: notes, resolve, cancel.
int run_act(const ChangeOptions& options, const std::string& what, const char* member,
            const CommandContext& context) {
    const auto desk = ApiDesk::open(context, options);
    if (!desk) return exit_failed;
    Json body = Json::object();
    if (!options.text.empty()) body[member] = options.text;
    return print(context, desk->ask("POST", "/" + options.id + "/" + what, body));
}

void add_id(CLI::App& command, std::string& id) {
    add_option(command, "ID", id, "The incident's id", {nullptr, true});
}

void add_open_command(CLI::App& group, CommandContext& context) {
    auto options = std::make_shared<OpenOptions>();
    CLI::App& open = add_subcommand(group, context, "open", "Open an incident and invite people");
    add_option(open, "TITLE", options->title, "What happens, in a few words", {nullptr, true});
    add_option(open, "--severity", options->severity, "sev1 to sev4 (default: sev3)", {"SEV"});
    add_repeated_option(open, "--need", options->needs, "A skill that is needed; may be repeated", "SKILL");
    add_repeated_option(open, "--expert", options->experts, "A member to invite; may be repeated", "EMAIL");
    add_option(open, "--description", options->description, "What is known", {"TEXT"});
    add_option(open, "--start", options->start, "Since when (default: now)", {"INSTANT"});
    add_option(open, "--duration", options->duration, "For how long (default: 1h)", {"DURATION"});
    add_option(open, "--conference", options->conference, "Where to join", {"URL"});
    add_option(open, "--reporter", options->reporter, "Who reports it", {"EMAIL"});
    add_option(open, "--key", options->key, "Idempotency-Key: the same key opens it once", {"KEY"});
    add_flag(open, "--preview", options->preview, "Only say who would be invited, and why");
    add_api_options(open, *options);
    add_json_flag(open, context);
    set_action(open, context, [options, &context] { return run_open(*options, context); });
}

void add_looking_commands(CLI::App& group, CommandContext& context) {
    auto options = std::make_shared<ChangeOptions>();
    auto state = std::make_shared<std::string>();
    CLI::App& list = add_subcommand(group, context, "list", "List incidents, the newest first");
    add_option(list, "--state", *state, "open, resolved or cancelled (default: all)", {"STATE"});
    add_api_options(list, *options);
    add_json_flag(list, context);
    set_action(list, context, [options, state, &context] { return run_list(*options, *state, context); });

    CLI::App& show = add_subcommand(group, context, "show", "Show an incident");
    add_id(show, options->id);
    add_api_options(show, *options);
    add_json_flag(show, context);
    set_action(show, context, [options, &context] {
        const auto desk = ApiDesk::open(context, *options);
        return desk ? print(context, desk->ask("GET", "/" + options->id)) : exit_failed;
    });

    CLI::App& timeline = add_subcommand(group, context, "timeline", "Print what happened");
    add_id(timeline, options->id);
    add_api_options(timeline, *options);
    add_json_flag(timeline, context);
    set_action(timeline, context,
               [options, &context] { return run_timeline(*options, options->id, context); });
}

void add_changing_commands(CLI::App& group, CommandContext& context) {
    auto options = std::make_shared<ChangeOptions>();
    CLI::App& change = add_subcommand(group, context, "change", "Change an incident, or who is invited");
    add_id(change, options->id);
    add_option(change, "--title", options->title, "A new title", {"TEXT"});
    add_option(change, "--severity", options->severity, "A new severity", {"SEV"});
    add_option(change, "--description", options->description, "A new description", {"TEXT"});
    add_option(change, "--commander", options->commander, "Who takes over the command", {"EMAIL"});
    add_repeated_option(change, "--add", options->add, "An expert to invite; may be repeated", "EMAIL");
    add_repeated_option(change, "--remove", options->remove, "An expert who is done; may be repeated",
                        "EMAIL");
    add_api_options(change, *options);
    add_json_flag(change, context);
    set_action(change, context, [options, &context] { return run_change(*options, context); });

    struct Act {
        const char* name;
        const char* path;
        const char* member;
        const char* help;
        bool text_required;
        const char* text = "What to say of it";
    };
    for (const Act& act : {Act{"note", "notes", "text", "Add a line to the timeline", true},
                           Act{"join", "join", "member", "Somebody is on it, whether or not they were asked",
                               true, "Their address"},
                           Act{"resolve", "resolve", "note", "It is over: the event ends now", false},
                           Act{"cancel", "cancel", "note", "It was none: the event is cancelled", false}}) {
        CLI::App& command = add_subcommand(group, context, act.name, act.help);
        add_id(command, options->id);
        add_option(command, act.member == std::string_view("member") ? "EMAIL" : "TEXT", options->text,
                   act.text, {nullptr, act.text_required});
        add_api_options(command, *options);
        add_json_flag(command, context);
        set_action(command, context, [options, &context, path = act.path, member = act.member] {
            return run_act(*options, path, member, context);
        });
    }
}

}  // namespace

void add_incident_command(CLI::App& app, CommandContext& context) {
    CLI::App& group =
        add_command(app, context, "incident", "Open, look at and end incidents of a running service");
    add_open_command(group, context);
    add_looking_commands(group, context);
    add_changing_commands(group, context);
}

}  // namespace watchbill::cli
