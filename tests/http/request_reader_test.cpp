#include "http/request_reader.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

namespace request_reader_test {

using namespace watchbill::http;
using Step = RequestReader::Step;

namespace {

const BodyLimit limit = [](std::string_view method, std::string_view) { return method == "PUT" ? 100 : 20; };
const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string with_body(const std::string& method, size_t length, const std::string& headers = "") {
    return method + " /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n" +
           headers + "\r\n";
}

std::string chunked(const std::string& chunks) {
    return "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
}

// What a connection understands of bytes that come in pieces: one line a request, and the last step.
std::string understood(const std::vector<std::string>& pieces) {
    RequestReader reader(limit);
    std::string text;
    Step step = Step::needs_bytes;
    for (const std::string& piece : pieces) {
        reader.append(piece);
        for (step = reader.advance(); step == Step::complete; step = reader.advance()) {
            const Request request = reader.take();
            text += request.method + " " + request.target + " [" + request.body + "]" +
                    (reader.keeps_connection() ? "" : " last") + "\n";
        }
        if (step == Step::refused) return text + std::to_string(reader.refusal().status);
    }
    return text + (reader.idle() ? "idle" : "more");
}

}  // namespace

TEST_CASE("Requests come out whole, one after the other, and nothing is left over") {
    CHECK(understood({""}) == "idle");
    CHECK(understood({get}) == "GET / []\nidle");
    CHECK(understood({get + get + "GE"}) == "GET / []\nGET / []\nmore");
    CHECK(understood({with_body("POST", 5) + "hello" + get}) == "POST /x [hello]\nGET / []\nidle");
    CHECK(understood({with_body("POST", 5) + "hell"}) == "more");
    CHECK(understood({with_body("POST", 0) + get}) == "POST /x []\nGET / []\nidle");
}

TEST_CASE("A body is as long as its route takes, and is refused before it comes") {
    CHECK(understood({with_body("POST", 20)}) == "more");
    CHECK(understood({with_body("POST", 21)}) == "413");
    CHECK(understood({with_body("PUT", 100)}) == "more");
    CHECK(understood({with_body("PUT", 101)}) == "413");
    CHECK(understood({get + with_body("PUT", 999999999999999999)}) == "GET / []\n413");
}

TEST_CASE("A body may come in chunks") {
    CHECK(understood({chunked("5\r\nhello\r\n0\r\n\r\n") + get}) == "POST /x [hello]\nGET / []\nidle");
    CHECK(understood({chunked("0\r\n\r\n") + get}) == "POST /x []\nGET / []\nidle");
    CHECK(understood(
              {chunked("00a;name=\"value\"\r\nGET / HTTP\r\nA\r\n0123456789\r\n000;x\r\nA: b\r\n\r\n")}) ==
          "POST /x [GET / HTTP0123456789]\nidle");
    CHECK(understood({chunked("5\r\nhello\r\n0\r\n")}) == "more");
    CHECK(understood({chunked("5\r\nhello\r\n")}) == "more");
}

TEST_CASE("Chunks are refused as soon as they announce too much") {
    CHECK(understood({chunked("14\r\n")}) == "more");
    CHECK(understood({chunked("15\r\n")}) == "413");
    CHECK(understood({chunked("a\r\n0123456789\r\nb\r\n")}) == "413");
    CHECK(understood({chunked("ffffffffffffffffffffffffffffffff\r\n")}) == "413");
    CHECK(understood({chunked("10000000000000001\r\n")}) == "413");
    const std::string trailer = "A: " + std::string(100, 'b') + "\r\n";
    std::string many;
    for (int i = 0; i < 50; ++i) many += trailer;
    CHECK(understood({chunked("0\r\n" + trailer + "\r\n")}) == "POST /x []\nidle");
    CHECK(understood({chunked("0\r\n" + many)}) == "431");
}

TEST_CASE("Chunks that two readers could understand differently are refused") {
    for (const char* chunks :
         {"5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "5\r\nhell\r\n0\r\n\r\n",
          "5\r\nhello\r\n0\r\n\n", "0x5\r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "-1\r\n",
          " 5\r\nhello\r\n", "5 \r\nhello\r\n", "\r\n", "g\r\n", ";x\r\n", "5\rhello\r\n",
          "5;a\x01\r\nhello\r\n", "0\r\nno colon\r\n\r\n", "0\r\nA: b\n\r\n"}) {
        INFO(chunks);
        CHECK(understood({chunked(chunks)}) == "400");
    }
    CHECK(understood({chunked("5;" + std::string(300, 'x'))}) == "400");
}

TEST_CASE("After a refusal nothing is understood any more") {
    RequestReader reader(limit);
    reader.append("GET / HTTP/9\r\nHost: a\r\n\r\n" + get);
    CHECK(reader.advance() == Step::refused);
    reader.append(get);
    CHECK(reader.advance() == Step::refused);
    CHECK(reader.refusal().status == 505);
    CHECK_FALSE(reader.keeps_connection());
}

TEST_CASE("A client that waits for it is asked for its body, once") {
    const std::string head = with_body("POST", 5, "Expect: 100-continue\r\n");
    RequestReader reader(limit);
    reader.append(head);
    CHECK(reader.advance() == Step::asks_for_body);
    CHECK(reader.advance() == Step::needs_bytes);
    reader.append("hello");
    CHECK(reader.advance() == Step::complete);
    CHECK(reader.take().body == "hello");
    reader.append(head);
    CHECK(reader.advance() == Step::asks_for_body);

    RequestReader in_chunks(limit);
    in_chunks.append(
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
    CHECK(in_chunks.advance() == Step::asks_for_body);
    in_chunks.append("2\r\nhe");
    CHECK(in_chunks.advance() == Step::needs_bytes);
    in_chunks.append("\r\n0\r\n\r\n");
    CHECK(in_chunks.advance() == Step::complete);
    CHECK(in_chunks.take().body == "he");

    RequestReader impatient(limit);
    impatient.append(head + "he");
    CHECK(impatient.advance() == Step::needs_bytes);
}

TEST_CASE("However bytes are cut, the same is understood") {
    const std::vector<std::string> streams = {
        "\r\n" + get + with_body("PUT", 30) + "GET / HTTP/1.1\r\nHost: b\r\n\r\n123" + get,
        get + with_body("POST", 21) + get,
        get + "GET / HTTP/1.1\nHost: a\r\n\r\n",
        chunked("5\r\nhello\r\n00A;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n") + get,
        chunked("5\r\nhello\r\n10\r\n0123456789"),
        chunked("5\r\nhello\n10\r\n0123456789"),
        chunked("5;" + std::string(254, 'x') + "\r\nhello\r\n0\r\n\r\n"),
        chunked("5;" + std::string(255, 'x') + "\r\nhello\r\n0\r\n\r\n"),
        get + "GET / HTTP/1.1\r\nHost: a\r\n Folded: b\r\n\r\n" + get,
        get + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /" + std::string(max_request_line, 'a') + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nA: " + std::string(max_header_bytes, 'a') + "\r\n\r\n",
    };
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (const std::string& stream : streams) {
        INFO(stream.substr(0, 200));
        const std::string whole = understood({stream});
        std::vector<std::string> bytes;
        for (const char byte : stream) bytes.emplace_back(1, byte);
        CHECK(understood(bytes) == whole);
        for (int i = 0; i < 50; ++i) {
            std::vector<std::string> pieces;
            for (size_t at = 0; at < stream.size();) {
                const size_t size = 1 + random() % 40;
                pieces.push_back(stream.substr(at, size));
                at += size;
            }
            CHECK(understood(pieces) == whole);
        }
    }
}

TEST_CASE("What is not needed any more takes no memory") {
    RequestReader reader(limit);
    std::string many;
    for (int i = 0; i < 1000; ++i) many += get;
    reader.append(many);
    for (int i = 0; i < 1000; ++i) {
        REQUIRE(reader.advance() == Step::complete);
        reader.take();
    }
    CHECK(reader.idle());
    CHECK(reader.held() <= 1024);
}

}  // namespace request_reader_test
