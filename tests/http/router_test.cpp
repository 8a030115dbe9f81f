#include "http/router.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http/problem.h"
#include "http/sent_request.h"

namespace router_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;

namespace {

SentRequest request(std::string method, std::string target) { return {std::move(method), std::move(target)}; }

Router example() {
    Router router;
    const auto say = [](std::string what) {
        return [what](const Request&, const PathValues&) { return text_response(200, "text/plain", what); };
    };
    router.add("GET", "/", Access::anybody, say("root"));
    router.add("GET", "/teams/{team:name}", Access::anybody, [](const Request&, const PathValues& path) {
        return text_response(200, "text/plain", "team " + path.get<std::string>("team"));
    });
    router.add("GET", "/feeds/{token:token}/member/{email:email}.ics", Access::anybody,
               [](const Request&, const PathValues& path) {
                   return text_response(200, "text/plain", path.get<MemberId>("email").email());
               });
    router.add("PUT", "/things", Access::anybody, say("put"));
    router.add("DELETE", "/things", Access::anybody, say("delete"));
    router.add("GET", "/broken", Access::anybody,
               [](const Request&, const PathValues&) -> Response { throw std::runtime_error("a secret"); });
    return router;
}

std::string body_of(const Response& response) { return std::string(response.body()); }
std::string get(const std::string& target) { return body_of(example().answer(request("GET", target))); }
int status(const std::string& method, const std::string& target) {
    return example().answer(request(method, target)).status;
}

}  // namespace

TEST_CASE("Literal paths match as a whole") {
    CHECK(get("/") == "root");
    CHECK(get("/?query=1") == "root");
    CHECK(get("http://rota.example.com/teams/a") == "team a");
    CHECK(get("http://rota.example.com") == "root");
    for (const char* target :
         {"//", "/teams", "/teams/", "/teams/a/", "/teams/a/b", "/Teams/a", "/nothing"}) {
        INFO(target);
        CHECK(status("GET", target) == 404);
    }
}

TEST_CASE("Parameters match by their type only") {
    CHECK(get("/teams/pay-ments_2") == "team pay-ments_2");
    CHECK(get("/teams/p%61y") == "team pay");
    for (const char* target : {"/teams/Pay", "/teams/-pay", "/teams/p%2Fy", "/teams/p%20y", "/teams/p.y"}) {
        INFO(target);
        CHECK(status("GET", target) == 404);
    }
    CHECK(get("/feeds/0af/member/Alice@Example.com.ics") == "alice@example.com");
    CHECK(get("/feeds/0af/member/alice%40example.com.ics") == "alice@example.com");
    CHECK(get("/feeds/0af/member/a%2Bb%2Fc@example.com.ics") == "a+b/c@example.com");
    for (const char* target :
         {"/feeds/0AF/member/a@b.ics", "/feeds/0ag/member/a@b.ics", "/feeds//member/a@b.ics",
          "/feeds/0af/member/a.ics", "/feeds/0af/member/a@b", "/feeds/0af/member/.ics",
          "/feeds/0af/member/mailto:a@b.ics", "/feeds/0af/member/a@b.ics.ics.txt"}) {
        INFO(target);
        CHECK(status("GET", target) == 404);
    }
}

TEST_CASE("Malformed targets are bad requests") {
    for (const char* target :
         {"*", "", "nothing", "/%", "/%4", "/%zz", "/a%00b", "/a%0d%0ab", "/%7f", "ftp://host/"}) {
        INFO(target);
        CHECK(status("GET", target) == 400);
    }
}

TEST_CASE("A path is taken apart wherever it is encoded, and is nobody's with too many segments") {
    using Segments = std::vector<std::string>;
    const auto segments = [](const std::string& target) {
        return path_segments(target).value_or(Segments{"malformed"});
    };
    CHECK(segments("/") == Segments{""});
    CHECK(segments("/a/") == Segments{"a", ""});
    CHECK(segments("/%61b/c/%64%65/f?g/h#i") == Segments{"ab", "c", "de", "f"});
    CHECK(segments("/a%2Fb/c") == Segments{"a/b", "c"});
    CHECK(segments("https://host") == Segments{""});
    CHECK(segments("http://host/a") == Segments{"a"});
    CHECK(segments("/a\tb") == Segments{"malformed"});
    CHECK(segments("/a/%7f/b") == Segments{"malformed"});
    CHECK(segments("/a#/b") == Segments{"a"});
    std::string longest;
    for (size_t i = 0; i < 4000; ++i) longest += "/a";
    CHECK(segments(longest + "/%") == Segments{"malformed"});
    CHECK(status("GET", longest) == 404);
}

TEST_CASE("A method that a path does not have is answered with those it has") {
    const Response response = example().answer(request("POST", "/things"));
    CHECK(response.status == 405);
    CHECK(response.header("allow") == "DELETE, OPTIONS, PUT");
    CHECK(example().answer(request("POST", "/")).header("Allow") == "GET, HEAD, OPTIONS");
    CHECK(status("get", "/") == 405);
    CHECK(status("POST", "/nothing") == 404);
    CHECK(status("HEAD", "/things") == 405);
}

TEST_CASE("OPTIONS tells a path's methods, without looking at who asks") {
    Router router = example();
    router.add("POST", "/secret", ApiScope::admin, [](const Request&, const PathValues&) {
        FAIL("nobody was let in");
        return Response();
    });
    const Response secret = router.answer(request("OPTIONS", "/secret"));
    CHECK(secret.status == 204);
    CHECK(secret.body().empty());
    CHECK(secret.header("Allow") == "OPTIONS, POST");
    CHECK(router.answer(request("OPTIONS", "/things?x=1")).header("Allow") == "DELETE, OPTIONS, PUT");
    CHECK(router.answer(request("OPTIONS", "/nothing")).status == 404);
    CHECK(router.answer(request("OPTIONS", "/teams/A")).status == 404);
    CHECK(router.answer(request("OPTIONS", "*")).status == 400);
}

TEST_CASE("How long a body may be is each route's own, and usual where there is no route") {
    Router router = example();
    router.add(
        "POST", "/mail/{team:name}", ApiScope::incident,
        [](const Request&, const PathValues&) { return Response(); }, 1'000'000);
    CHECK(router.find("POST", "/mail/payments?x=1").body_limit() == 1'000'000);
    CHECK(router.find("POST", "http://rota.example.com/mail/payments").body_limit() == 1'000'000);
    for (const auto& [method, target] :
         std::vector<std::pair<const char*, const char*>>{{"PUT", "/mail/payments"},
                                                          {"post", "/mail/payments"},
                                                          {"POST", "/mail/Payments"},
                                                          {"POST", "/mail/"},
                                                          {"PUT", "/things"},
                                                          {"GET", "/nothing"},
                                                          {"POST", "*"},
                                                          {"GET", "/%"}}) {
        INFO(method << " " << target);
        CHECK(router.find(method, target).body_limit() == 65'536);
    }
}

TEST_CASE("The table is told line by line, as it was made") {
    Router router;
    const auto say_nothing = [](const Request&, const PathValues&) { return Response(); };
    router.add("GET", "/a/{team:name}", Access::anybody, say_nothing);
    router.add("PUT", "/b/{email:email}.ics", ApiScope::read, say_nothing, 7);
    const auto table = router.table();
    REQUIRE(table.size() == 2);
    CHECK(table[0].method == "GET");
    CHECK(table[0].pattern == "/a/{team:name}");
    CHECK(std::get<Access>(table[0].requirement) == Access::anybody);
    CHECK(table[0].body_limit == 65'536);
    CHECK(table[1].method == "PUT");
    CHECK(table[1].pattern == "/b/{email:email}.ics");
    CHECK(std::get<ApiScope>(table[1].requirement) == ApiScope::read);
    CHECK(table[1].body_limit == 7);
}

TEST_CASE("HEAD is answered like GET") {
    CHECK(status("HEAD", "/teams/a") == 200);
    CHECK(status("HEAD", "/nothing") == 404);
}

TEST_CASE("Errors are problem details, and tell nothing of what threw") {
    const Response response = example().answer(request("GET", "/broken"));
    CHECK(response.status == 500);
    CHECK(response.header("Content-Type") == "application/problem+json");
    CHECK(body_of(response).find("secret") == std::string::npos);
    const auto body = nlohmann::json::parse(body_of(response));
    CHECK(body.at("status") == 500);
    CHECK(body.at("title") == "Internal Server Error");
    CHECK(body.at("detail").is_string());
}

TEST_CASE("Headers of one name make one list, whatever their case") {
    SentRequest sent("GET", "/", {{"If-None-Match", "\"a\""}, {"if-none-match", "\"b\""}});
    CHECK(sent.view().header("IF-NONE-MATCH") == "\"a\", \"b\"");
    CHECK_FALSE(sent.view().header("Other"));
}

TEST_CASE("What is appended goes to the first field of that name, or becomes one") {
    Response response;
    response.append_header("Vary", "Origin");
    response.add_header("ETag", "\"a\"");
    response.append_header("vary", "Accept-Encoding");
    CHECK(response.header("Vary") == "Origin, Accept-Encoding");
    CHECK(response.header("etag") == "\"a\"");
    CHECK(response.headers().size() == 2);
}

TEST_CASE("A route says whether its handler may wait, and to refuse takes no time") {
    Router router;
    const auto say_nothing = [](const Request&, const PathValues&) { return Response(); };
    router.add("PUT", "/slow", Access::anybody, say_nothing);
    router.add("GET", "/slow", ApiScope::read, say_nothing);
    router.add_at_once("/fast/{team:name}", say_nothing);
    CHECK(router.find("PUT", "/slow").pace() == Pace::may_wait);
    CHECK(router.find("GET", "/slow?x").pace() == Pace::may_wait);
    CHECK(router.find("HEAD", "/slow").pace() == Pace::may_wait);
    CHECK(router.find("GET", "/fast/a").pace() == Pace::at_once);
    CHECK(router.find("HEAD", "/fast/a").pace() == Pace::at_once);
    CHECK(router.find("POST", "/fast/a").pace() == Pace::at_once);
    CHECK(router.find("GET", "/nothing").pace() == Pace::at_once);
    CHECK(router.find("GET", "*").pace() == Pace::at_once);
}

}  // namespace router_test
