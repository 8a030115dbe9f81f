// Who is let in, who has to wait and who is turned away, over real sockets on loopback.
#include <catch2/catch.hpp>
#include <future>
#include <nlohmann/json.hpp>

#include "http/raw_client.h"
#include "http/server.h"
#include "http/test_backend.h"

namespace front_door_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::RawClient;
using watchbill::test::RawResponse;

namespace {

const std::string get_health = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(const std::string& path, const std::string& headers = "") {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

// Lets whoever waits at it through once it is opened, and tells how many have come.
class Gate {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        ++arrived_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    void wait_for(int arrived) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return arrived_ >= arrived; });
    }
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int arrived_ = 0;
    bool open_ = false;
};

// One loop, so that what was sent first is read first.
ServerOptions one_loop() {
    ServerOptions options;
    options.loops = 1;
    return options;
}

struct Door {
    explicit Door(const ServerOptions& options = one_loop()) {
        router.add_at_once("/healthz", [](const Request&, const PathValues&) {
            return text_response(200, "text/plain", "well");
        });
        router.add("POST", "/slow", Access::anybody, [this](const Request&, const PathValues&) {
            gate.pass();
            return text_response(200, "text/plain", "done");
        });
        router.add("GET", "/look", Access::anybody, [](const Request&, const PathValues&) {
            return text_response(200, "text/plain", "seen");
        });
        router.add("POST", "/from", Access::anybody, [](const Request& request, const PathValues&) {
            return text_response(200, "text/plain", request.caller.from);
        });
        auto opened = Server::open(router, clock, options);
        REQUIRE(opened);
        server = std::move(*opened);
        server->start();
    }
    ~Door() { gate.open(); }
    std::uint16_t port() const { return server->port(); }

    watchbill::test::FakeClock clock{*parse_instant("2026-11-20T08:00:00Z")};
    Gate gate;
    Router router;
    std::unique_ptr<Server> server;
};

// Everything that the client sent before was read when this returns.
void wait_for_one_round(const Door& door) {
    RawClient client(door.port());
    REQUIRE(client.exchange(get_health).status == 200);
}

}  // namespace

TEST_CASE("Only trusted proxies say who the client is") {
    const std::string request = post("/from", "X-Forwarded-For: 198.51.100.7, 192.0.2.9\r\n");
    Door plain;
    CHECK(RawClient(plain.port()).exchange(request).body == "127.0.0.1");
    ServerOptions options = one_loop();
    options.trusted_proxies = {*IpRange::parse("127.0.0.1")};
    Door behind_proxy(options);
    CHECK(RawClient(behind_proxy.port()).exchange(request).body == "192.0.2.9");
    CHECK(RawClient(behind_proxy.port()).exchange(post("/from")).body == "127.0.0.1");
}

TEST_CASE("An address has its share of connections") {
    ServerOptions options = one_loop();
    options.exempt.clear();
    options.per_address = 2;
    Door door(options);
    auto first = std::make_unique<RawClient>(door.port());
    RawClient second(door.port());
    CHECK(first->exchange(get_health).status == 200);
    CHECK(second.exchange(get_health).status == 200);
    RawClient third(door.port());
    CHECK(third.is_closed());
    first->send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(first->read().status == 200);
    CHECK(first->is_closed());
    first.reset();
    // Its place is free once the server has seen it leave.
    CHECK(second.exchange(get_health).status == 200);
    RawClient fourth(door.port());
    CHECK(fourth.exchange(get_health).status == 200);
}

TEST_CASE("Who is on this machine may have more, up to what there is") {
    ServerOptions options = one_loop();
    options.per_address = 1;
    options.connections = 3;
    Door door(options);
    RawClient first(door.port());
    RawClient second(door.port());
    RawClient third(door.port());
    for (RawClient* client : {&first, &second, &third}) CHECK(client->exchange(get_health).status == 200);
    RawClient fourth(door.port());
    CHECK(fourth.is_closed());
}

TEST_CASE("Where connections are scarce, those that do nothing leave early") {
    ServerOptions options = one_loop();
    options.connections = 4;
    Door door(options);
    RawClient first(door.port());
    RawClient second(door.port());
    RawClient third(door.port());
    RawClient fourth(door.port());
    for (RawClient* client : {&first, &second, &third, &fourth})
        CHECK(client->exchange(get_health).status == 200);
    // Long before the fifteen seconds that they have otherwise (the client would give up after twenty).
    const auto began = std::chrono::steady_clock::now();
    CHECK(first.is_closed());
    CHECK(std::chrono::steady_clock::now() - began < options.limits.idle / 2);
    RawClient fifth(door.port());
    CHECK(fifth.exchange(get_health).status == 200);
}

TEST_CASE("Who changes too much has to wait, and may read meanwhile") {
    ServerOptions options = one_loop();
    options.dispatch.changes = {3, std::chrono::hours(1)};
    Door door(options);
    RawClient client(door.port());
    for (int i = 0; i < 3; ++i) CHECK(client.exchange(post("/from")).status == 200);
    const RawResponse refused = client.exchange(post("/from"));
    CHECK(refused.status == 429);
    CHECK(refused.headers.at("retry-after") == "3600");
    CHECK(refused.headers.at("content-type") == "application/problem+json");
    // Methods that nobody knows are no way around, and other people's networks have nothing to do with it.
    CHECK(client.exchange("FROB /from HTTP/1.1\r\nHost: a\r\n\r\n").status == 429);
    CHECK(client.exchange(get_health).status == 200);
}

TEST_CASE("Mails that come in have nothing to do with the limit of changes") {
    ServerOptions options = one_loop();
    options.dispatch.changes = {3, std::chrono::hours(1)};
    watchbill::test::TestBackend backend;
    const std::string token = backend.make_token({ApiScope::mail});
    const Router router = make_router(backend.backend());
    auto server = Server::open(router, backend.clock, options);
    REQUIRE(server);
    (*server)->start();
    RawClient client((*server)->port());
    const auto post_to = [&](const std::string& path) {
        return client
            .exchange("POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token +
                      "\r\nContent-Length: 0\r\n\r\n")
            .status;
    };
    for (int i = 0; i < 10; ++i) CHECK(post_to("/api/v1/mail") == 422);
    for (int i = 0; i < 3; ++i) CHECK(post_to("/api/v1/teams/payments/refresh") != 429);
    CHECK(post_to("/api/v1/teams/payments/refresh") == 429);
    CHECK(post_to("/api/v1/mail") == 422);
}

TEST_CASE(
    "A mail is taken whoever brought wrong tokens before, and one with a wrong token is to come again") {
    ServerOptions options = one_loop();
    options.dispatch.failed_authentication = {2, std::chrono::minutes(10)};
    watchbill::test::TestBackend backend;
    const std::string token = backend.make_token({ApiScope::mail});
    const Router router = make_router(backend.backend());
    auto server = Server::open(router, backend.clock, options);
    REQUIRE(server);
    (*server)->start();
    const auto post_with = [&](const std::string& bearer) {
        return RawClient((*server)->port())
            .exchange("POST /api/v1/mail HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + bearer +
                      "\r\nContent-Length: 0\r\n\r\n");
    };
    for (int i = 0; i < 2; ++i) CHECK(post_with("wb_wrong").status == 401);
    const RawResponse later = post_with("wb_wrong");
    CHECK(later.status == 503);
    CHECK(later.headers.contains("retry-after"));
    CHECK(post_with(token).status == 422);
}

TEST_CASE("Who brings wrong tokens has to wait, and a right one is never refused for them") {
    watchbill::test::TestBackend backend;
    const std::string right = backend.make_token({ApiScope::read});
    const Router router = make_router(backend.backend());
    ServerOptions options = one_loop();
    options.dispatch.failed_authentication = {2, std::chrono::minutes(10)};
    auto server = Server::open(router, backend.clock, options);
    REQUIRE(server);
    (*server)->start();
    const auto ask = [&](const std::string& headers) {
        return RawClient((*server)->port())
            .exchange("GET /api/v1/teams HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    };
    const std::string with_right = "Authorization: Bearer " + right + "\r\n";
    for (int i = 0; i < 5; ++i) CHECK(ask(with_right).status == 200);
    for (int i = 0; i < 5; ++i) CHECK(ask("").status == 401);
    for (int i = 0; i < 2; ++i) CHECK(ask("Authorization: Bearer wb_no\r\n").status == 401);
    const RawResponse refused = ask("Authorization: Bearer wb_no\r\n");
    CHECK(refused.status == 429);
    const int wait = std::stoi(refused.headers.at("retry-after"));
    CHECK(wait > 590);
    CHECK(wait <= 600);
    for (int i = 0; i < 5; ++i) CHECK(ask(with_right).status == 200);
    CHECK(ask("Authorization: Bearer wb_no\r\n").status == 429);
    CHECK(ask("").status == 401);
}

TEST_CASE("Signing in has the same limit, in whatever way its address is written") {
    watchbill::test::TestBackend backend;
    const std::string right = backend.make_token({ApiScope::read});
    const Router router = make_router(backend.backend());
    ServerOptions options = one_loop();
    options.dispatch.failed_authentication = {2, std::chrono::minutes(10)};
    auto server = Server::open(router, backend.clock, options);
    REQUIRE(server);
    (*server)->start();
    const auto sign_in = [&](const std::string& target, const std::string& token) {
        const std::string body = "token=" + token;
        return RawClient((*server)->port())
            .exchange("POST " + target +
                      " HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: same-origin\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\n\r\n" + body)
            .status;
    };
    CHECK(sign_in("/sign-in", "wb_no") == 401);
    CHECK(sign_in("/sign-in?x", "wb_no") == 401);
    for (const char* target :
         {"/sign-in", "/sign-in?x", "/sign%2Din", "/%73ign-in?a=b", "http://a/sign-in"}) {
        INFO(target);
        CHECK(sign_in(target, "wb_no") == 429);
    }
    CHECK(sign_in("/sign-in", right) == 303);
}

TEST_CASE("Work waits in a queue that has an end, and what is at once does not wait behind it") {
    ServerOptions options = one_loop();
    options.dispatch.changers = 1;
    options.dispatch.waiting = 1;
    Door door(options);
    RawClient worked_on(door.port());
    worked_on.send(post("/slow"));
    door.gate.wait_for(1);
    RawClient waiting(door.port());
    waiting.send(post("/slow"));
    wait_for_one_round(door);
    RawClient refused(door.port());
    const RawResponse response = refused.exchange(post("/slow"));
    CHECK(response.status == 503);
    CHECK(response.headers.at("retry-after") == "1");
    // Also on the connection that was refused.
    CHECK(refused.exchange(get_health).status == 200);
    door.gate.open();
    CHECK(worked_on.read().body == "done");
    CHECK(waiting.read().body == "done");
}

TEST_CASE("What waits to be worked on has a size, also when nobody waits for the answer any more") {
    ServerOptions options = one_loop();
    options.dispatch.changers = 1;
    options.dispatch.body_bytes = 100;
    Door door(options);
    const auto post_sized = [](size_t size) {
        return post("/slow", "Content-Length: " + std::to_string(size) + "\r\n") + std::string(size, 'x');
    };
    // Alone it is never too large.
    auto worked_on = std::make_unique<RawClient>(door.port());
    worked_on->send(post_sized(101));
    door.gate.wait_for(1);
    worked_on.reset();
    wait_for_one_round(door);
    RawClient client(door.port());
    CHECK(client.exchange(post_sized(1)).status == 503);
    client.send(post_sized(0));
    door.gate.open();
    CHECK(client.read().body == "done");
    CHECK(client.exchange(post_sized(100)).body == "done");
}

TEST_CASE("What has come of requests that are not whole has a size, and small ones are let in all the same") {
    ServerOptions options = one_loop();
    options.input_bytes = 130'000;
    Door door(options);
    const std::string head = post("/from", "Content-Length: 60000\r\n");
    auto first = std::make_unique<RawClient>(door.port());
    first->send(head + std::string(50'000, 'x'));
    wait_for_one_round(door);
    RawClient second(door.port());
    const RawResponse refused = second.exchange(head + std::string(50'000, 'x'));
    CHECK(refused.status == 503);
    CHECK(refused.headers.at("retry-after") == "1");
    CHECK(second.is_closed());
    const std::string small = post("/from", "Content-Length: 3000\r\n");
    CHECK(RawClient(door.port()).exchange(small + std::string(3'000, 'x')).status == 200);
    CHECK(first->exchange(std::string(10'000, 'x')).status == 200);
    // What was answered, and who left, counts no more.
    for (int i = 0; i < 3; ++i) {
        RawClient leaves(door.port());
        leaves.send(head + std::string(50'000, 'x'));
        wait_for_one_round(door);
        leaves.reset();
        wait_for_one_round(door);
    }
    CHECK(first->exchange(head + std::string(60'000, 'x')).status == 200);
}

TEST_CASE("Changes that wait hold up nobody who only looks") {
    Door door;
    std::vector<std::unique_ptr<RawClient>> waiting;
    for (int i = 0; i < 40; ++i) {
        waiting.push_back(std::make_unique<RawClient>(door.port()));
        waiting.back()->send(post("/slow"));
    }
    door.gate.wait_for(12);
    wait_for_one_round(door);
    CHECK(RawClient(door.port()).exchange("GET /look HTTP/1.1\r\nHost: a\r\n\r\n").body == "seen");
    door.gate.open();
    for (const auto& client : waiting) CHECK(client->read().body == "done");
}

TEST_CASE("When the server stops, what is under way is answered and everybody else has to go") {
    Door door;
    RawClient busy(door.port());
    busy.send(post("/slow"));
    door.gate.wait_for(1);
    RawClient idle(door.port());
    CHECK(idle.exchange(get_health).status == 200);
    RawClient dripping(door.port());
    dripping.send("GET /heal");
    wait_for_one_round(door);
    auto stopped = std::async(std::launch::async, [&door] { door.server->stop(); });
    CHECK(idle.is_closed());
    CHECK(dripping.is_closed());
    CHECK_THROWS(RawClient(door.port()));
    door.gate.open();
    const RawResponse response = busy.read();
    CHECK(response.body == "done");
    CHECK(response.headers.at("connection") == "close");
    CHECK(busy.is_closed());
    stopped.get();
}

TEST_CASE("Stopping does not wait for ever for an answer") {
    ServerOptions options = one_loop();
    options.drain = std::chrono::milliseconds(50);
    Door door(options);
    RawClient busy(door.port());
    busy.send(post("/slow"));
    door.gate.wait_for(1);
    auto stopped = std::async(std::launch::async, [&door] { door.server->stop(); });
    CHECK(busy.is_closed());
    door.gate.open();
    stopped.get();
}

TEST_CASE("A client that has finished sending is answered, and one that leaves while it waits harms nobody") {
    Door door;
    RawClient finished(door.port());
    finished.send(post("/slow"));
    finished.finish();
    door.gate.wait_for(1);
    {
        RawClient leaves(door.port());
        leaves.send(post("/slow"));
        door.gate.wait_for(2);
    }
    wait_for_one_round(door);
    door.gate.open();
    CHECK(finished.read().body == "done");
    CHECK(finished.is_closed());
    wait_for_one_round(door);
}

TEST_CASE("HTTP/1.0 is answered once") {
    Door door;
    RawClient client(door.port());
    client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const RawResponse response = client.read();
    CHECK(response.body == "well");
    CHECK(response.headers.at("connection") == "close");
    CHECK(client.is_closed());
}

TEST_CASE("Hundreds of requests in one go are all answered, and others are served in between") {
    Door door;
    RawClient flood(door.port());
    std::string many;
    for (int i = 0; i < 900; ++i) many += get_health;
    flood.send(many);
    wait_for_one_round(door);
    for (int i = 0; i < 900; ++i) CHECK(flood.read().status == 200);
    CHECK(flood.exchange(get_health).status == 200);
}

TEST_CASE("Every answer keeps browsers from making more of it, also one to what was no request") {
    Door door;
    for (const char* request :
         {"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /none HTTP/1.1\r\nHost: a\r\n\r\n",
          "nonsense\r\n\r\n", "POST /from HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n"}) {
        INFO(request);
        const RawResponse response = RawClient(door.port()).exchange(request);
        CHECK(response.headers.at("x-content-type-options") == "nosniff");
        CHECK(response.headers.at("referrer-policy") == "no-referrer");
        CHECK(response.headers.at("content-security-policy") == "default-src 'none'; frame-ancestors 'none'");
        CHECK(response.headers.at("x-frame-options") == "DENY");
        CHECK(response.headers.at("cross-origin-resource-policy") == "same-origin");
        CHECK(response.headers.at("date") == "Fri, 20 Nov 2026 08:00:00 GMT");
        CHECK(response.headers.count("server") == 0);
    }
}

}  // namespace front_door_test
