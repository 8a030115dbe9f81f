// The server over real sockets on loopback: every row of the route table, and requests of every bad kind.
#include "http/server.h"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "http/application.h"
#include "http/raw_client.h"
#include "http/test_backend.h"
#include "service/feed_links.h"

namespace server_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::RawClient;
using watchbill::test::RawResponse;

namespace {

const std::string token = "00112233445566778899aabbccddeeff";
const Instant modified = *parse_instant("2026-11-20T08:00:00Z");

std::string calendar(const std::string& name) {
    std::string bytes = "BEGIN:VCALENDAR\r\nX-WR-CALNAME:" + name + "\r\n";
    for (int i = 0; i < 200; ++i) bytes += "X-LINE:the same again and again\r\n";
    return bytes + "END:VCALENDAR\r\n";
}

std::shared_ptr<TeamNotice> notice_of(const std::string& name) {
    Team team;
    team.name = name;
    Member member;
    member.id = *MemberId::parse("alice+rota@example.com");
    team.members.push_back(member);
    auto notice = std::make_shared<TeamNotice>();
    notice->team = std::make_shared<const Team>(team);
    return notice;
}

// A board with one team that is ready and one that is not, and a server in front of it.
struct Site : watchbill::test::TestBackend {
    explicit Site(ServerOptions options = {}) {
        auto payments = notice_of("payments");
        for (const std::string& scope : feed_scopes(*payments->team))
            payments->feeds[scope] = {token, make_snapshot(calendar(scope), modified)};
        payments->plan = std::make_shared<const Plan>();
        payments->sources = {{"Alice's secret calendar", SourceHealth::ok, {}, modified, {}, {}, {}},
                             {"Bob's secret calendar",
                              SourceHealth::stale,
                              modified,
                              modified,
                              Error{ErrorCode::timeout, "no answer from calendar.example.com", ""},
                              {},
                              modified}};
        board.post(payments);
        router = make_router(backend());
        auto opened = Server::open(router, clock, options);
        REQUIRE(opened);
        server = std::move(*opened);
        server->start();
    }

    RawResponse get(const std::string& path, const std::string& headers = "") {
        return request("GET", path, headers);
    }
    RawResponse request(const std::string& method, const std::string& path, const std::string& headers = "") {
        RawClient client(server->port());
        client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
        return client.read(method != "HEAD");
    }

    Router router;
    std::unique_ptr<Server> server;
};

std::string gunzip(const std::string& packed) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string bytes(1 << 20, '\0');
    std::string input = packed;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    bytes.resize(stream.total_out);
    inflateEnd(&stream);
    return bytes;
}

const std::string rotation = "/feeds/payments/" + token + "/rotation.ics";

void check_problem(const RawResponse& response, int status) {
    CHECK(response.status == status);
    CHECK(response.headers.at("content-type") == "application/problem+json");
    CHECK(response.headers.at("x-content-type-options") == "nosniff");
    const auto body = nlohmann::json::parse(response.body);
    CHECK(body.at("status") == status);
    CHECK_FALSE(body.at("title").get<std::string>().empty());
    CHECK_FALSE(body.at("detail").get<std::string>().empty());
}

// For answers that are compared in full.
const std::string same_id = "X-Request-Id: the-same\r\n";

}  // namespace

TEST_CASE("Each feed of a team is served at its own address") {
    Site site;
    for (const auto& [path, scope] : std::map<std::string, std::string>{
             {"rotation.ics", "rotation"},
             {"handovers.ics", "handovers"},
             {"absences.ics", "absences"},
             {"member/alice%2Brota@example.com.ics", "member/alice+rota@example.com"},
             {"member/alice+rota%40example.com.ics", "member/alice+rota@example.com"}}) {
        INFO(path);
        const RawResponse response = site.get("/feeds/payments/" + token + "/" + path);
        CHECK(response.status == 200);
        CHECK(response.body == calendar(scope));
    }
}

TEST_CASE("A feed comes with everything that calendar clients and caches look at") {
    Site site;
    const RawResponse response = site.get(rotation);
    CHECK(response.headers.at("content-type") == "text/calendar; charset=utf-8");
    CHECK(response.headers.at("content-disposition") == "inline; filename=\"payments-rotation.ics\"");
    CHECK(response.headers.at("last-modified") == "Fri, 20 Nov 2026 08:00:00 GMT");
    CHECK(response.headers.at("cache-control") == "private, max-age=300");
    CHECK(response.headers.at("vary") == "Accept-Encoding");
    CHECK(response.headers.at("date") == "Sun, 22 Nov 2026 12:00:00 GMT");
    CHECK(response.headers.at("referrer-policy") == "no-referrer");
    CHECK(response.headers.at("etag").front() == '"');
    CHECK(response.headers.count("content-encoding") == 0);
    CHECK(response.headers.count("accept-ranges") == 0);
}

TEST_CASE("A copy that is still good is not sent again") {
    Site site;
    const std::string etag = site.get(rotation).headers.at("etag");
    const RawResponse response = site.get(rotation, "If-None-Match: " + etag + "\r\n");
    CHECK(response.status == 304);
    CHECK(response.headers.at("etag") == etag);
    CHECK(response.headers.at("cache-control") == "private, max-age=300");
    CHECK(response.headers.at("vary") == "Accept-Encoding");
    CHECK(response.headers.count("content-length") == 0);
    CHECK(response.headers.count("content-type") == 0);
    CHECK(response.headers.count("last-modified") == 0);
    CHECK(response.headers.count("content-security-policy") == 0);

    CHECK(site.get(rotation, "If-Modified-Since: Fri, 20 Nov 2026 08:00:00 GMT\r\n").status == 304);
    CHECK(site.get(rotation, "If-Modified-Since: Fri, 20 Nov 2026 07:59:59 GMT\r\n").status == 200);
    CHECK(
        site.get(rotation, "If-None-Match: \"other\"\r\nIf-Modified-Since: Fri, 20 Nov 2026 08:00:00 GMT\r\n")
            .status == 200);
    CHECK(site.get(rotation, "If-None-Match: \"a\"\r\nIf-None-Match: W/" + etag + "\r\n").status == 304);
}

TEST_CASE("A connection goes on after a 304 and after HEAD") {
    Site site;
    RawClient client(site.server->port());
    client.send("GET " + rotation + " HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n");
    CHECK(client.read(false).status == 304);
    client.send("HEAD " + rotation + " HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read(false).status == 200);
    CHECK(client.exchange("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
}

TEST_CASE("HEAD has the headers of GET and no body") {
    Site site;
    const RawResponse get = site.get(rotation, same_id);
    const RawResponse head = site.request("HEAD", rotation, same_id);
    CHECK(head.status == 200);
    CHECK(head.headers == get.headers);
    CHECK(head.headers.at("content-length") == std::to_string(get.body.size()));
    CHECK(site.request("HEAD", rotation, "If-None-Match: *\r\n").status == 304);
    CHECK(site.request("HEAD", "/feeds/payments/0/rotation.ics").status == 404);
}

TEST_CASE("Gzip is sent to those who ask, with an ETag of its own") {
    Site site;
    const RawResponse plain = site.get(rotation);
    const RawResponse packed = site.get(rotation, "Accept-Encoding: br, gzip\r\n");
    CHECK(packed.headers.at("content-encoding") == "gzip");
    CHECK(packed.body.size() < plain.body.size() / 4);
    CHECK(gunzip(packed.body) == plain.body);
    CHECK(packed.headers.at("etag") != plain.headers.at("etag"));
    CHECK(packed.headers.at("vary") == "Accept-Encoding");

    const std::string if_none_match = "If-None-Match: " + packed.headers.at("etag") + "\r\n";
    CHECK(site.get(rotation, if_none_match + "Accept-Encoding: gzip\r\n").status == 304);
    CHECK(site.get(rotation, if_none_match).status == 200);
    CHECK(site.get(rotation, "Accept-Encoding: gzip;q=0\r\n").headers.count("content-encoding") == 0);
}

TEST_CASE("A long feed arrives whole, also with those who read slowly while it is replaced") {
    Site site;
    const auto post = [&site](char fill) {
        auto payments = notice_of("payments");
        // More than a socket takes at once.
        std::string bytes = calendar("rotation") + std::string(size_t{8} * 1024 * 1024, fill);
        for (size_t i = 1000; i < bytes.size(); i += 1000) bytes[i] = static_cast<char>('0' + i / 1000 % 10);
        payments->feeds["rotation"] = {token, make_snapshot(bytes, modified)};
        site.board.post(payments);
        return bytes;
    };
    const std::string first = post('x');
    RawClient slow(site.server->port());
    RawClient gone(site.server->port());
    for (RawClient* client : {&slow, &gone})
        client->send("GET " + rotation + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    slow.await();
    gone.await();
    gone.reset();
    const std::string second = post('y');
    CHECK(site.get(rotation).body == second);
    CHECK(slow.read().body == first);
    slow.send("HEAD " + rotation + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(slow.read(false).headers.at("content-length") == std::to_string(second.size()));
    CHECK(slow.exchange("GET " + rotation + " HTTP/1.1\r\nHost: localhost\r\n\r\n").body == second);
}

TEST_CASE("Ranges are not served: the whole feed comes") {
    Site site;
    for (const char* range : {"Range: bytes=0-9\r\n", "Range: nonsense\r\n"}) {
        INFO(range);
        const RawResponse response = site.get(rotation, range);
        CHECK(response.status == 200);
        CHECK(response.body == calendar("rotation"));
        CHECK(response.headers.count("content-range") == 0);
    }
    check_problem(site.get(rotation, "Range: bytes=0-0,2-3\r\n"), 416);
}

TEST_CASE("Answers made for one request are packed for those who ask, and others are not") {
    watchbill::test::FakeClock clock{modified};
    Router router;
    const auto add = [&router](const std::string& path, const std::string& type, size_t size,
                               const std::string& etag) {
        router.add("GET", path, Access::anybody, [type, size, etag](const Request&, const PathValues&) {
            Response response = text_response(200, type, std::string(size, 'x'));
            if (!etag.empty()) response.add_header("ETag", etag);
            return response;
        });
    };
    add("/json", "application/json", 2000, "");
    add("/html", "text/html; charset=utf-8", 2000, "");
    add("/short", "application/json", 1000, "");
    add("/named", "application/json", 2000, "\"1\"");
    add("/calendar", "text/calendar", 2000, "");
    auto server = Server::open(router, clock, {});
    REQUIRE(server);
    (*server)->start();
    const auto get = [&server](const std::string& path, const std::string& accepted) {
        RawClient client((*server)->port());
        return client.exchange("GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + accepted +
                               "\r\n\r\n");
    };
    for (const char* path : {"/json", "/html"}) {
        INFO(path);
        const RawResponse packed = get(path, "gzip, deflate, br");
        CHECK(packed.headers.at("content-encoding") == "gzip");
        CHECK(packed.headers.at("vary") == "Accept-Encoding");
        CHECK(gunzip(packed.body) == std::string(2000, 'x'));
        for (const char* accepted : {"br", "gzip;q=0", "identity"}) {
            const RawResponse plain = get(path, accepted);
            CHECK(plain.headers.count("content-encoding") == 0);
            CHECK(plain.headers.at("vary") == "Accept-Encoding");
            CHECK(plain.body == std::string(2000, 'x'));
        }
    }
    for (const char* path : {"/short", "/named", "/calendar"}) {
        INFO(path);
        const RawResponse plain = get(path, "gzip");
        CHECK(plain.headers.count("content-encoding") == 0);
        CHECK(plain.headers.count("vary") == 0);
    }
}

TEST_CASE("A wrong token looks exactly like a feed that does not exist") {
    Site site;
    const RawResponse unknown = site.get("/no/such/thing", same_id);
    check_problem(unknown, 404);
    for (const std::string& path : std::vector<std::string>{
             "/feeds/payments/" + std::string(32, '0') + "/rotation.ics", "/feeds/payments/00/rotation.ics",
             "/feeds/payments/" + token + "0/rotation.ics", "/feeds/payments/" + token + "/nothing.ics",
             "/feeds/payments/" + token + "/member/bob@example.com.ics",
             "/feeds/nobody/" + token + "/rotation.ics", "/feeds/payments/" + token + "/rotation",
             "/feeds/payments/" + token + "/ROTATION.ics"}) {
        INFO(path);
        const RawResponse response = site.get(path, same_id);
        CHECK(response.status == 404);
        CHECK(response.body == unknown.body);
        CHECK(response.headers == unknown.headers);
    }
}

TEST_CASE("A feed that is not made yet asks for patience, but only with its token") {
    Site site;
    auto growing = notice_of("growing");
    growing->feeds["rotation"] = {token, nullptr};
    site.board.post(growing);
    const RawResponse response = site.get("/feeds/growing/" + token + "/rotation.ics");
    check_problem(response, 503);
    CHECK(response.headers.at("retry-after") == "5");
    CHECK(site.get("/feeds/growing/00/rotation.ics").status == 404);
}

TEST_CASE("Methods that an address does not have are refused with those it has") {
    Site site;
    for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "PROPFIND", "REPORT", "TRACE"}) {
        INFO(method);
        const RawResponse response = site.request(method, rotation);
        check_problem(response, 405);
        CHECK(response.headers.at("allow") == "GET, HEAD, OPTIONS");
        CHECK(site.request(method, "/nothing").status == 404);
    }
}

TEST_CASE("OPTIONS is answered with the address's methods, and nothing else") {
    Site site;
    const RawResponse response = site.request("OPTIONS", rotation);
    CHECK(response.status == 204);
    CHECK(response.headers.at("allow") == "GET, HEAD, OPTIONS");
    CHECK(response.headers.count("content-length") == 0);
    CHECK(response.headers.count("access-control-allow-origin") == 0);
    CHECK(response.headers.count("vary") == 0);
    CHECK(site.request("OPTIONS", "/nothing").status == 404);
}

TEST_CASE("A body is never taken for a request, and the connection goes on after it") {
    Site site;
    RawClient client(site.server->port());
    const std::string body = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string post =
        "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    client.send(post + body + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    check_problem(client.read(), 405);
    CHECK(client.read().status == 200);
    CHECK(client.exchange("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").status == 404);
}

namespace {

// A server whose one route tells the body that it got.
struct EchoSite {
    explicit EchoSite(ServerOptions options = {}) {
        const auto echo = [](const Request& request, const PathValues&) {
            return text_response(200, "text/plain", request.caller.from + ":" + request.body());
        };
        router.add("POST", "/echo", Access::anybody, echo);
        router.add("POST", "/long", Access::anybody, echo, size_t{1024} * 1024);
        auto opened = Server::open(router, clock, options);
        REQUIRE(opened);
        server = std::move(*opened);
        server->start();
    }
    static std::string post(size_t length, const std::string& headers = "") {
        return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n" +
               headers + "\r\n";
    }

    watchbill::test::FakeClock clock{modified};
    Router router;
    std::unique_ptr<Server> server;
};

}  // namespace

TEST_CASE("A body arrives whole, however it was cut, and with the address that it came from") {
    EchoSite site;
    const std::string body = std::string(usual_body_limit - 2, 'a') + "\r\n";
    RawClient at_once(site.server->port());
    CHECK(at_once.exchange(EchoSite::post(body.size()) + body).body == "127.0.0.1:" + body);
    RawClient in_parts(site.server->port());
    in_parts.send(EchoSite::post(10) + "01234");
    in_parts.send("5678");
    in_parts.send("9");
    const RawResponse response = in_parts.read();
    CHECK(response.body == "127.0.0.1:0123456789");
    CHECK(in_parts.exchange(EchoSite::post(1) + "a").body == "127.0.0.1:a");
}

TEST_CASE("A long body arrives whole behind its head, whatever its size") {
    EchoSite site;
    for (const size_t size : {90'000U, 120'000U, 150'000U, 180'000U, 400'000U, 1'000'000U}) {
        INFO(size);
        RawClient client(site.server->port());
        const std::string head =
            "POST /long HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
        const std::string body(size, 'x');
        client.send(head);
        // More than is read at a time, of which the socket tells once.
        CHECK(client.exchange(body).body == "127.0.0.1:" + body);
        CHECK(client.exchange(head + body).body == "127.0.0.1:" + body);
    }
}

TEST_CASE("A client that waits to be asked for its body is asked") {
    EchoSite site;
    RawClient client(site.server->port());
    client.send(EchoSite::post(5, "Expect: 100-continue\r\n"));
    CHECK(client.read().status == 100);
    const RawResponse response = client.exchange("hello");
    CHECK(response.status == 200);
    CHECK(response.body == "127.0.0.1:hello");
}

TEST_CASE("Bodies that are too large, of no known length, packed or cut short are not waited for") {
    ServerOptions options;
    options.limits.body = std::chrono::milliseconds(50);
    EchoSite site(options);
    RawClient large(site.server->port());
    check_problem(large.exchange(EchoSite::post(usual_body_limit + 1)), 413);
    CHECK(large.is_closed());
    RawClient chunked(site.server->port());
    const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    check_problem(chunked.exchange(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), 411);
    CHECK(chunked.is_closed());
    RawClient packed(site.server->port());
    check_problem(packed.exchange(head + "Content-Length: 5\r\nContent-Encoding: gzip\r\n\r\nhello"), 415);
    CHECK(packed.is_closed());
    // The library would take it apart, and leave none.
    RawClient parts(site.server->port());
    check_problem(
        parts.exchange(EchoSite::post(5, "Content-Type: multipart/form-data; boundary=x\r\n") + "hello"),
        415);
    CHECK(parts.exchange(EchoSite::post(1) + "a").body == "127.0.0.1:a");
    RawClient cut(site.server->port());
    check_problem(cut.exchange(EchoSite::post(10) + "01234"), 408);
    CHECK(cut.is_closed());
}

TEST_CASE("Malformed requests are refused and the connection ends") {
    Site site;
    struct Case {
        std::string bytes;
        int status;
    };
    for (const Case& c :
         {Case{"nonsense\r\n\r\n", 400}, Case{"GET / HTTP/1.1\r\n\r\n", 400},
          Case{"GET / HTTP/1.1\nHost: a\n\n", 400}, Case{"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
          Case{"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
          Case{"GET /" + std::string(9000, 'a'), 414},
          Case{"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20000, 'a') + "\r\n\r\n", 431},
          Case{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
               "Transfer-Encoding: chunked\r\n\r\n",
               400}}) {
        INFO(c.bytes.substr(0, 60));
        RawClient client(site.server->port());
        const RawResponse response = client.exchange(c.bytes);
        check_problem(response, c.status);
        CHECK(response.headers.at("connection") == "close");
        CHECK(client.is_closed());
    }
    CHECK(site.get("/%zz").status == 400);
    CHECK(site.get("/%00").status == 400);
}

TEST_CASE("Requests sent in one go are answered one after the other") {
    Site site;
    RawClient client(site.server->port());
    const std::string one = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send("\r\n" + one + one + one);
    for (int i = 0; i < 3; ++i) CHECK(client.read().status == 200);
    client.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(client.read().status == 200);
    CHECK(client.is_closed());
}

TEST_CASE("A connection has a last request") {
    ServerOptions options;
    options.limits.requests = 2;
    Site site(options);
    RawClient client(site.server->port());
    const std::string one = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    CHECK(client.exchange(one).headers.count("connection") == 0);
    CHECK(client.exchange(one).headers.at("connection") == "close");
    CHECK(client.is_closed());
}

TEST_CASE("Idle and dripping connections are closed") {
    ServerOptions options;
    options.limits.idle = std::chrono::milliseconds(50);
    options.limits.head = std::chrono::milliseconds(50);
    Site site(options);
    RawClient silent(site.server->port());
    CHECK(silent.is_closed());
    RawClient idle(site.server->port());
    CHECK(idle.exchange("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
    CHECK_FALSE(idle.is_reset());
    CHECK(idle.is_closed());
    RawClient dripping(site.server->port());
    check_problem(dripping.exchange("GET / HT"), 408);
    CHECK(dripping.is_closed());
}

TEST_CASE("A long request is read behind many short ones, and a body behind both") {
    Site site;
    RawClient client(site.server->port());
    const std::string one = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string longest = "GET /healthz?" + std::string(8100, 'q') +
                                " HTTP/1.1\r\nHost: a\r\nA: " + std::string(8000, 'a') +
                                "\r\nB: " + std::string(8000, 'b') + "\r\n\r\n";
    const std::string posted = "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n";
    for (size_t round = 0; round < 3; ++round) {
        for (size_t i = 0; i < 110 + round; ++i) REQUIRE(client.exchange(one).status == 200);
        client.send(longest.substr(0, 9000));
        CHECK(client.exchange(longest.substr(9000)).status == 200);
        REQUIRE(client.exchange(one).status == 200);
        client.send(posted + std::string(10000, 'x'));
        CHECK(client.exchange(std::string(20000, 'x')).status == 405);
    }
    CHECK(client.exchange(one).status == 200);
}

TEST_CASE("Health and readiness are told, and nothing about people") {
    Site site;
    CHECK(site.get("/healthz").body == "{\"status\":\"ok\"}\n");

    const RawResponse ready = site.get("/readyz");
    CHECK(ready.status == 200);
    CHECK(ready.headers.at("content-type") == "application/json");
    CHECK(ready.headers.at("cache-control") == "no-store");
    const auto body = nlohmann::json::parse(ready.body);
    CHECK(body.at("status") == "ready");
    const auto& team = body.at("teams").at(0);
    CHECK(team.at("team") == "payments");
    CHECK(team.at("sources") == nlohmann::json{{"ok", 1}, {"stale", 1}, {"failing", 0}, {"never", 0}});
    CHECK(team.at("not_ok").at(0) == nlohmann::json{{"source", 2},
                                                    {"state", "stale"},
                                                    {"last_success", "2026-11-20T08:00:00Z"},
                                                    {"error", "timeout"},
                                                    {"next_attempt", "2026-11-20T08:00:00Z"}});

    const RawResponse landing = site.get("/");
    CHECK(landing.status == 200);
    CHECK(landing.headers.at("content-type") == "text/html; charset=utf-8");
    CHECK(landing.headers.at("content-security-policy").starts_with("default-src 'none'"));
    for (const RawResponse& response : {ready, landing}) {
        CHECK(response.body.find("secret") == std::string::npos);
        CHECK(response.body.find("alice") == std::string::npos);
        CHECK(response.body.find(token) == std::string::npos);
    }
}

TEST_CASE("The service is ready when every team has its feeds") {
    Site site;
    site.board.post(notice_of("growing"));
    const RawResponse response = site.get("/readyz");
    CHECK(response.status == 503);
    CHECK(nlohmann::json::parse(response.body).at("status") == "not ready");
    site.board.remove("growing");
    CHECK(site.get("/readyz").status == 200);
    site.board.remove("payments");
    CHECK(site.get("/readyz").status == 503);
}

TEST_CASE("The service is not ready while its database is in trouble, and says why") {
    Site site;
    site.health.note("writing", "the disk of the database is full");
    site.health.note("file", "the database was moved");
    const RawResponse response = site.get("/readyz");
    CHECK(response.status == 503);
    const auto body = nlohmann::json::parse(response.body);
    CHECK(body.at("status") == "not ready");
    CHECK(body.at("reasons") == nlohmann::json{"the database was moved", "the disk of the database is full"});
    CHECK(body.at("teams").at(0).at("ready") == true);
    CHECK(site.get("/healthz").status == 200);
    site.health.note("file", std::nullopt);
    CHECK(site.get("/readyz").status == 503);
    site.health.note("writing", std::nullopt);
    const RawResponse again = site.get("/readyz");
    CHECK(again.status == 200);
    CHECK_FALSE(nlohmann::json::parse(again.body).contains("reasons"));
}

TEST_CASE("Many clients at once all get whole answers while the board changes") {
    Site site;
    std::vector<std::thread> clients;
    std::atomic<int> whole = 0;
    for (int c = 0; c < 8; ++c) {
        clients.emplace_back([&site, &whole] {
            RawClient client(site.server->port());
            for (int i = 0; i < 25; ++i) {
                client.send("GET " + rotation + " HTTP/1.1\r\nHost: a\r\n\r\n");
                const RawResponse response = client.read();
                if (response.status == 200 && response.body == calendar("rotation")) ++whole;
            }
        });
    }
    const auto notice = site.board.find("payments");
    for (int i = 0; i < 100; ++i) site.board.post(std::make_shared<TeamNotice>(*notice));
    for (std::thread& client : clients) client.join();
    CHECK(whole == 200);
}

TEST_CASE("Stopping ends idle connections at once, and the address is free again") {
    auto site = std::make_unique<Site>();
    const std::uint16_t port = site->server->port();
    RawClient idle(port);
    CHECK(idle.exchange("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
    site->server->stop();
    CHECK(idle.is_closed());
    site.reset();
    ServerOptions options;
    options.port = port;
    Site again(options);
    CHECK(again.get("/healthz").status == 200);
}

TEST_CASE("An address that is taken is refused with what to do") {
    Site site;
    ServerOptions options;
    options.port = site.server->port();
    const auto second = Server::open(site.router, site.clock, options);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::unavailable);
    CHECK(second.error().message.find(std::to_string(options.port)) != std::string::npos);
}

}  // namespace server_test
