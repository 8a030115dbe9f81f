// The description of the API against the table of routes, both ways. What it says of answers is held against
// real ones by tests/peers/openapi_test.py.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "http/application.h"
#include "http/openapi_document.h"
#include "http/sent_request.h"
#include "http/test_backend.h"

namespace openapi_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;
using namespace watchbill::test;
using nlohmann::json;

namespace {

const json& document() {
    static const json parsed = json::parse(openapi_document());
    return parsed;
}

const json& resolved(const json& value) {
    if (!value.contains("$ref")) return value;
    return document().at(json::json_pointer(value.at("$ref").get<std::string>().substr(1)));
}

struct Parameter {
    std::string name;
    std::string type;
    bool operator==(const Parameter&) const = default;
};

// "/teams/{team:name}" -> "/teams/{team}" and [team: name].
struct Pattern {
    explicit Pattern(std::string_view pattern) {
        while (!pattern.empty()) {
            const size_t start = std::min(pattern.find('{'), pattern.size());
            path.append(pattern.substr(0, start));
            pattern.remove_prefix(start);
            if (pattern.empty()) return;
            const size_t colon = pattern.find(':');
            const size_t end = pattern.find('}');
            parameters.push_back({std::string(pattern.substr(1, colon - 1)),
                                  std::string(pattern.substr(colon + 1, end - colon - 1))});
            path.append("{").append(parameters.back().name).append("}");
            pattern.remove_prefix(end + 1);
        }
    }

    std::string path;
    std::vector<Parameter> parameters;
};

// "GET /path: scope", "" where everybody may.
std::string line_of(std::string method, const std::string& path, const std::string& scope) {
    for (char& c : method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return method + " " + path + ": " + scope;
}

std::set<std::string> described() {
    const std::set<std::string> methods = {"get",   "put",  "post",    "delete",
                                           "patch", "head", "options", "trace"};
    std::set<std::string> lines;
    for (const auto& [path, item] : document().at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            if (!methods.contains(method)) continue;
            INFO(method << " " << path);
            const json& security = operation.at("security");
            REQUIRE(security.size() <= 1);
            std::string scope;
            if (!security.empty()) {
                REQUIRE(security.at(0).at("apiToken").size() == 1);
                scope = security.at(0).at("apiToken").at(0);
            }
            lines.insert(line_of(method, path, scope));
        }
    }
    return lines;
}

std::set<std::string> routed(const Router& router) {
    std::set<std::string> lines;
    for (const RouteEntry& route : router.table()) {
        const auto* scope = std::get_if<ApiScope>(&route.requirement);
        lines.insert(line_of(route.method, Pattern(route.pattern).path,
                             scope != nullptr ? std::string(scope_name(*scope)) : ""));
    }
    return lines;
}

// As the router's types of parameters would be described.
std::string type_of(const json& schema) {
    const json& full = resolved(schema);
    if (full.value("format", "") == "date") return "date";
    if (full.value("format", "") == "email") return "email";
    if (full.value("pattern", "") == "^[0-9a-f]+$") return "token";
    if (full.value("pattern", "") == "^[a-z0-9][a-z0-9_-]*$") return "name";
    if (full.value("pattern", "") == "^[a-z0-9_]+(\\.[a-z0-9_]+)*$") return "file";
    return "unknown";
}

}  // namespace

TEST_CASE("The API's description is the file of the source tree") {
    std::ifstream file(WATCHBILL_SOURCE_DIR "/src/http/openapi.json", std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    CHECK(bytes.str() == openapi_document());
    TestBackend backend;
    const Response response = make_router(backend.backend()).answer(SentRequest{"GET", "/openapi.json", {}});
    CHECK(response.status == 200);
    CHECK(response.header("Content-Type") == "application/json");
    CHECK(response.body() == bytes.str());
    CHECK(document().at("openapi") == "3.1.0");
}

TEST_CASE("Every route is described with its scope, and every described operation is routed") {
    TestBackend backend;
    const auto routes = routed(make_router(backend.backend()));
    const auto operations = described();
    CHECK(routes.size() >= 22);
    for (const std::string& line : routes) {
        INFO("a route that openapi.json lacks, or has with another scope: " << line);
        CHECK(operations.contains(line));
    }
    for (const std::string& line : operations) {
        INFO("an operation that no route answers, or that asks for another scope: " << line);
        CHECK(routes.contains(line));
    }
}

TEST_CASE("Path parameters are described with their types") {
    TestBackend backend;
    for (const RouteEntry& route : make_router(backend.backend()).table()) {
        const Pattern pattern(route.pattern);
        INFO(route.pattern);
        REQUIRE(document().at("paths").contains(pattern.path));
        const json& item = document().at("paths").at(pattern.path);
        std::vector<Parameter> given;
        for (const json& reference : item.value("parameters", json::array())) {
            const json& parameter = resolved(reference);
            if (parameter.at("in") != "path") continue;
            CHECK(parameter.at("required") == true);
            given.push_back({parameter.at("name"), type_of(parameter.at("schema"))});
        }
        CHECK(given == pattern.parameters);
    }
}

TEST_CASE("Every operation has a name of its own, a sentence and answers to what may go wrong") {
    std::set<std::string> names;
    for (const auto& [path, item] : document().at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            if (method == "parameters") continue;
            INFO(method << " " << path);
            CHECK(names.insert(operation.at("operationId")).second);
            CHECK(operation.at("summary").get<std::string>().size() > 5);
            CHECK(operation.at("tags").size() == 1);
            const json& responses = operation.at("responses");
            CHECK(responses.contains("default"));
            const bool asks_who = !operation.at("security").empty() || path == "/sign-in";
            CHECK(responses.contains("401") == asks_who);
            CHECK(responses.contains("403") == asks_who);
            CHECK(operation.contains("requestBody") ==
                  (method == "put" || method == "post" || method == "patch"));
        }
    }
}

TEST_CASE("What the description defines is used, and what it refers to is there") {
    std::set<std::string> referred;
    const std::function<void(const json&)> walk = [&](const json& value) {
        if (value.is_object() && value.contains("$ref")) {
            const std::string reference = value.at("$ref");
            INFO(reference);
            REQUIRE(reference.starts_with("#/"));
            CHECK(document().contains(json::json_pointer(reference.substr(1))));
            referred.insert(reference);
        }
        if (value.is_structured())
            for (const json& child : value) walk(child);
    };
    walk(document());
    for (const char* section : {"parameters", "headers", "responses", "schemas"}) {
        for (const auto& [name, definition] : document().at("components").at(section).items()) {
            INFO(section << " " << name);
            CHECK(referred.contains("#/components/" + std::string(section) + "/" + name));
        }
    }
}

}  // namespace openapi_test
