// One connection without sockets and without time: bytes come and go in the portions that a test says, at the
// moments it says.
#include "http/connection.h"

#include <sys/epoll.h>

#include <catch2/catch.hpp>
#include <deque>

#include "service/fakes.h"

namespace connection_test {

using namespace watchbill;
using namespace watchbill::http;
using std::chrono::milliseconds;
using Step = Connection::Step;

namespace {

// What the peer sends and takes. Outlives the transport that shows it to a connection.
struct Peer {
    std::deque<std::string> sends;  // each is one read
    bool finished = false;          // after that
    bool gone = false;              // takes nothing any more
    size_t takes = 1 << 30;         // bytes, before it stops reading
    std::string got;
    int file = -1;  // that its last bytes could be had from
    bool told_the_end = false;
};

class ScriptedTransport final : public http::Transport {
public:
    explicit ScriptedTransport(Peer& peer) : peer_(peer) {}
    Transfer read(std::span<char> to) override {
        if (peer_.sends.empty()) return {peer_.finished ? Status::ended : Status::blocked, 0};
        std::string& next = peer_.sends.front();
        const size_t count = next.copy(to.data(), to.size());
        next.erase(0, count);
        if (next.empty()) peer_.sends.pop_front();
        return {Status::done, count};
    }
    Transfer write(const Outgoing& outgoing) override {
        if (peer_.gone) return {Status::ended, 0};
        const std::string bytes =
            (std::string(outgoing.head) + std::string(outgoing.body)).substr(0, peer_.takes);
        if (bytes.empty()) return {Status::blocked, 0};
        peer_.got += bytes;
        peer_.file = outgoing.file;
        peer_.takes -= bytes.size();
        return {Status::done, bytes.size()};
    }
    void end_writing() override { peer_.told_the_end = true; }
    void stir(std::uint32_t) override {}

private:
    Peer& peer_;
};

struct Scene {
    explicit Scene(size_t budget = 1 << 20) : input_bytes(budget) {}

    Step advance() { return connection.advance(now); }
    // Sends one request and has it answered.
    Step exchange(const std::string& request, const std::string& answer = "answer") {
        peer.sends.push_back(request);
        REQUIRE(advance() == Step::request);
        connection.take_request();
        connection.answer(text_response(200, "text/plain", answer), now);
        return advance();
    }
    milliseconds left() const {
        return std::chrono::duration_cast<milliseconds>(connection.deadline() - now);
    }
    // The status that the peer was told last.
    std::string told() const {
        const size_t at = peer.got.rfind("HTTP/1.1 ");
        return at == std::string::npos ? "" : peer.got.substr(at + 9, 3);
    }

    watchbill::test::FakeClock clock{*parse_instant("2026-11-20T08:00:00Z")};
    ConnectionLimits limits;
    BodyLimit body_limit = [](std::string_view, std::string_view) { return 64 * 1024; };
    size_t input_bytes;
    ConnectionSurroundings around{
        0, limits, body_limit, clock, InputBudget(input_bytes), {}, std::vector<char>(4096)};
    Peer peer;
    SteadyTime now{std::chrono::hours(1)};
    Connection connection{std::make_unique<ScriptedTransport>(peer), around, now};
};

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(size_t length, const std::string& headers = "") {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n" + headers +
           "\r\n";
}

}  // namespace

TEST_CASE("A connection that sends nothing is closed without a word") {
    Scene scene;
    CHECK(scene.advance() == Step::waits);
    CHECK(scene.left() == scene.limits.head);
    CHECK(scene.connection.expire(scene.now + scene.limits.head) == Step::closed);
    CHECK(scene.peer.got.empty());
}

TEST_CASE("Dripping does not prolong the time that a head has") {
    Scene scene;
    const SteadyTime until = scene.connection.deadline();
    for (const char byte : get.substr(0, 20)) {
        scene.now += milliseconds(100);
        scene.peer.sends.emplace_back(1, byte);
        CHECK(scene.advance() == Step::waits);
        CHECK(scene.connection.deadline() == until);
    }
    scene.now = until;
    CHECK(scene.connection.expire(scene.now) == Step::waits);
    CHECK(scene.told() == "408");
    CHECK(scene.peer.told_the_end);
    CHECK(scene.connection.expire(scene.now + scene.limits.farewell) == Step::closed);
}

TEST_CASE("A further request has time to begin, and from there to be complete") {
    Scene scene;
    CHECK(scene.exchange(get) == Step::waits);
    CHECK(scene.connection.is_idle());
    CHECK(scene.left() == scene.limits.idle);
    scene.now += milliseconds(9000);
    scene.peer.sends.push_back("GET");
    CHECK(scene.advance() == Step::waits);
    CHECK(scene.left() == scene.limits.head);
    CHECK_FALSE(scene.connection.is_idle());
}

TEST_CASE("A body has time by its size, however it drips") {
    Scene scene;
    scene.peer.sends.push_back(post(32 * 1024));
    CHECK(scene.advance() == Step::waits);
    const milliseconds allowed = scene.limits.body + milliseconds(2000);
    CHECK(scene.left() == allowed);
    scene.now += milliseconds(1000);
    scene.peer.sends.push_back("x");
    CHECK(scene.advance() == Step::waits);
    CHECK(scene.left() == allowed - milliseconds(1000));
    scene.now = scene.connection.deadline();
    CHECK(scene.connection.expire(scene.now) == Step::waits);
    CHECK(scene.told() == "408");
}

TEST_CASE("While a request is handled there is no deadline, and nothing more is read") {
    Scene scene;
    scene.peer.sends = {get, get};
    REQUIRE(scene.advance() == Step::request);
    scene.connection.take_request();
    CHECK(scene.advance() == Step::waits);
    CHECK(scene.connection.deadline() == SteadyTime::max());
    CHECK(scene.peer.sends.size() == 1);
}

TEST_CASE("A client that has finished sending still gets its answer, and one that was reset gets none") {
    Scene half_closed;
    half_closed.peer.sends.push_back(get);
    half_closed.peer.finished = true;
    REQUIRE(half_closed.advance() == Step::request);
    half_closed.connection.take_request();
    half_closed.connection.stir(EPOLLIN | EPOLLRDHUP);
    CHECK(half_closed.advance() == Step::waits);
    half_closed.connection.answer(text_response(200, "text/plain", "late"), half_closed.now);
    CHECK(half_closed.advance() == Step::closed);
    CHECK(half_closed.peer.got.ends_with("late"));

    Scene reset;
    reset.peer.sends.push_back(get);
    REQUIRE(reset.advance() == Step::request);
    reset.connection.take_request();
    reset.connection.stir(EPOLLIN | EPOLLERR | EPOLLHUP);
    CHECK(reset.advance() == Step::closed);
}

TEST_CASE("An answer leaves as fast as the peer takes it, whole") {
    Scene scene;
    scene.peer.takes = 10;
    const std::string body(5000, 'b');
    CHECK(scene.exchange(get, body) == Step::waits);
    while (scene.peer.got.size() < 4000) {
        scene.peer.takes = 100;
        CHECK(scene.advance() == Step::waits);
    }
    scene.peer.takes = 1 << 20;
    CHECK(scene.advance() == Step::waits);
    CHECK(scene.connection.is_idle());
    CHECK(scene.peer.got.ends_with("\r\n\r\n" + body));
    CHECK(scene.peer.got.find("Content-Length: 5000\r\n") != std::string::npos);
}

TEST_CASE("Each loop sends from files of its own, until the answer has left") {
    const auto copies = NamelessCopies::make("many bytes", 2);
    REQUIRE(copies);
    for (const size_t loop : {0U, 1U}) {
        Scene scene;
        scene.around.loop = loop;
        scene.peer.sends.push_back(get);
        REQUIRE(scene.advance() == Step::request);
        scene.connection.take_request();
        Response response = text_response(200, "text/plain", "many bytes");
        response.files = copies.get();
        scene.connection.answer(response, scene.now);
        CHECK(scene.advance() == Step::waits);
        CHECK(scene.peer.file == copies->descriptor(loop));
        scene.exchange(get);
        CHECK(scene.peer.file == -1);
    }
}

TEST_CASE("A peer that does not take its answer is closed, in a time by its size") {
    Scene scene;
    scene.peer.takes = 10;
    CHECK(scene.exchange(get, std::string(64 * 1024, 'b')) == Step::waits);
    CHECK(scene.left() >= scene.limits.answer + milliseconds(4000));
    CHECK(scene.left() < scene.limits.answer + milliseconds(4100));
    scene.now += milliseconds(5000);
    scene.peer.takes = 10;
    scene.advance();
    CHECK(scene.left() < scene.limits.answer);
    CHECK(scene.connection.expire(scene.connection.deadline()) == Step::closed);
}

TEST_CASE("A peer that is gone when it is answered is closed") {
    Scene scene;
    scene.peer.gone = true;
    CHECK(scene.exchange(get) == Step::closed);
}

TEST_CASE("HEAD is answered without a body") {
    Scene scene;
    scene.exchange("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "answer");
    CHECK(scene.peer.got.ends_with("\r\n\r\n"));
    CHECK(scene.peer.got.find("Content-Length: 6\r\n") != std::string::npos);
}

TEST_CASE("The last answer says so, and what still comes is swallowed, but not for ever") {
    Scene scene;
    CHECK(scene.exchange("GET / HTTP/1.0\r\n\r\n") == Step::waits);
    CHECK(scene.peer.got.find("Connection: close\r\n") != std::string::npos);
    CHECK(scene.peer.told_the_end);
    CHECK(scene.left() == scene.limits.farewell);
    const size_t told = scene.peer.got.size();
    scene.peer.sends.push_back(get);
    CHECK(scene.advance() == Step::waits);
    CHECK(scene.peer.got.size() == told);
    for (int i = 0; i < 300; ++i) scene.peer.sends.emplace_back(4096, 'x');
    CHECK(scene.advance() == Step::closed);
    CHECK_FALSE(scene.peer.sends.empty());
}

TEST_CASE("When all is asked to end, the request under way is the last one") {
    Scene scene;
    scene.peer.sends.push_back(get);
    REQUIRE(scene.advance() == Step::request);
    scene.connection.take_request();
    scene.connection.take_no_further_requests();
    scene.connection.answer(text_response(200, "text/plain", "x"), scene.now);
    scene.advance();
    CHECK(scene.peer.got.find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE("A client that waits is asked for its body, and its time begins then") {
    Scene scene;
    scene.peer.sends.push_back(post(5, "Expect: 100-continue\r\n"));
    scene.peer.takes = 5;
    CHECK(scene.advance() == Step::waits);
    scene.now += milliseconds(2000);
    scene.peer.takes = 1 << 20;
    CHECK(scene.advance() == Step::waits);
    CHECK(scene.peer.got == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(scene.left() >= scene.limits.body);
    scene.peer.sends.push_back("hello");
    REQUIRE(scene.advance() == Step::request);
    CHECK(scene.connection.take_request().body == "hello");
}

TEST_CASE("Where too much waits to be read, large requests are refused and small ones are not") {
    Scene scene(16 * 1024);
    // Somebody else's.
    scene.around.input.change(0, 16 * 1024 + 1);
    CHECK(scene.exchange(get) == Step::waits);
    CHECK(scene.told() == "200");
    scene.peer.sends.push_back(post(60 * 1024));
    for (int i = 0; i < 4; ++i) scene.peer.sends.emplace_back(4000, 'x');
    scene.advance();
    CHECK(scene.told() == "503");
    CHECK(scene.peer.got.find("Retry-After: 1\r\n") != std::string::npos);
}

TEST_CASE("A large request alone is never too large for the budget") {
    Scene scene(1024);
    scene.peer.sends.push_back(post(60 * 1024));
    for (int i = 0; i < 15; ++i) scene.peer.sends.emplace_back(4096, 'x');
    CHECK(scene.advance() == Step::request);
    CHECK(scene.connection.take_request().body.size() == 60 * 1024);
    CHECK_FALSE(scene.around.input.is_spent_by_others(0));
}

TEST_CASE("What a connection holds is given back when it ends") {
    Scene scene(64 * 1024);
    {
        Connection connection(std::make_unique<ScriptedTransport>(scene.peer), scene.around, scene.now);
        scene.peer.sends = {post(60 * 1024), std::string(4000, 'x')};
        CHECK(connection.advance(scene.now) == Step::waits);
        scene.around.input.change(0, 8 * 1024);
        CHECK(scene.around.input.is_spent_by_others(0));
    }
    CHECK_FALSE(scene.around.input.is_spent_by_others(0));
    scene.around.input.change(0, 56 * 1024);
    CHECK_FALSE(scene.around.input.is_spent_by_others(0));
    scene.around.input.change(0, 1);
    CHECK(scene.around.input.is_spent_by_others(0));
}

}  // namespace connection_test
