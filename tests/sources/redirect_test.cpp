// Redirects, credentials and TLS, against tests/peers/hostile_http.py.
#include <catch2/catch.hpp>

#include "sources/source_fixture.h"

namespace redirect_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const std::string any_host = "IP:127.0.0.1,DNS:localhost";

HttpOptions trusting(const Certificate& certificate) {
    HttpOptions options = patient();
    options.ca_file = certificate.file;
    return options;
}

std::string redirect_to(const std::string& target) { return "/redirect?to=" + target; }

// "alice:pass word: ünï" is what the server's /auth wants.
constexpr const char* alice_basic = "Authorization: Basic YWxpY2U6cGFzcyB3b3JkOiDDvG7Drw==";
constexpr const char* alice_password = "pass word: \xC3\xBCn\xC3\xAF";

CalendarRef with_password_file(const std::string& url, const std::string& file) {
    CalendarRef calendar = web_calendar(url);
    calendar.user = "alice";
    calendar.password_file = file;
    return calendar;
}

// The requests that a server got for one of its names.
size_t count_of(const std::string& text, const std::string& part) {
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("Redirects of every kind on the same host are followed, relative or not") {
    const HttpServer server;
    for (const std::string status : {"301", "302", "303", "307", "308"}) {
        INFO(status);
        CHECK(
            is_whole_calendar(fetched(web_calendar(server.url(redirect_to("/ok&status=" + status)))).bytes));
    }
    CHECK(is_whole_calendar(fetched(web_calendar(server.url(redirect_to(server.url("/ok"))))).bytes));
    CHECK(is_whole_calendar(fetched(web_calendar(server.url("/redirect-endless"))).bytes));
}

TEST_CASE("A conditional request stays conditional across a redirect") {
    const HttpServer server;
    CHECK(
        fetched(web_calendar(server.url(redirect_to("/ok"))), patient(), {"\"version 1\"", ""}).not_modified);
}

TEST_CASE("Five redirects are followed, six and circles are not") {
    const HttpServer server;
    CHECK(is_whole_calendar(fetched(web_calendar(server.url("/chain/5"))).bytes));
    for (const char* route : {"/chain/6", "/loop"}) {
        const Error error = error_of(secret_calendar(server, route));
        CHECK(error.code == ErrorCode::refused);
        CHECK_THAT(error.message, Catch::Contains("circles"));
    }
}

TEST_CASE("Plain http is not followed to another host or port, and nothing is asked there") {
    const HttpServer server;
    const HttpServer elsewhere;
    for (const std::string& target :
         {"http://localhost:" + elsewhere.port() + "/ok?SECRET", elsewhere.url("/ok?SECRET"),
          "https://localhost:" + elsewhere.port() + "/ok?SECRET"}) {
        INFO(target);
        const Error error = error_of(secret_calendar(server, redirect_to(target)));
        CHECK(error.code == ErrorCode::refused);
        CHECK_THAT(error.message, Catch::Contains("another host or port"));
    }
    CHECK(elsewhere.requests().empty());
}

TEST_CASE("A redirect out of the web or to nowhere is refused") {
    const HttpServer server;
    for (const std::string& route : {redirect_to("file:///etc/passwd"), redirect_to("ftp://127.0.0.1/SECRET"),
                                     redirect_to("gopher://127.0.0.1/SECRET"), redirect_to("javascript:1"),
                                     redirect_to("http://"), std::string("/redirect-nowhere")}) {
        INFO(route);
        CHECK(error_of(secret_calendar(server, route)).code == ErrorCode::refused);
    }
}

TEST_CASE("A certificate is verified: unknown authorities and other host names are refused") {
    const TempDir dir;
    const Certificate certificate = make_certificate(dir, any_host);
    const HttpServer server(certificate);
    CHECK(is_whole_calendar(fetched(web_calendar(server.url("/ok")), trusting(certificate)).bytes));

    const Error untrusted = error_of(secret_calendar(server, "/ok"));
    CHECK(untrusted.code == ErrorCode::refused);
    CHECK_THAT(untrusted.message, Catch::Contains("certificate") && Catch::Contains("trusts"));

    const TempDir other_dir;
    const Certificate other = make_certificate(other_dir, "DNS:calendar.example.com");
    const HttpServer other_server(other);
    const Error misnamed = error_of(secret_calendar(other_server, "/ok"), trusting(other));
    CHECK(misnamed.code == ErrorCode::refused);
    CHECK_THAT(misnamed.message, Catch::Contains("another host name"));
    CHECK(other_server.requests().empty());
}

TEST_CASE("The authorities of SSL_CERT_FILE are trusted where no file is given") {
    const TempDir dir;
    const Certificate certificate = make_certificate(dir, any_host);
    const HttpServer server(certificate);
    const char* const before = std::getenv("SSL_CERT_FILE");
    const std::string kept = before != nullptr ? before : "";
    ::setenv("SSL_CERT_FILE", certificate.file.c_str(), 1);
    const auto source = make_calendar_source(patient());
    if (before != nullptr) {
        ::setenv("SSL_CERT_FILE", kept.c_str(), 1);
    } else {
        ::unsetenv("SSL_CERT_FILE");
    }
    CHECK(source->fetch(web_calendar(server.url("/ok")), {}, any_window).has_value());
}

TEST_CASE("A file of authorities that is not there is an error, not a connection without verification") {
    const TempDir dir;
    const HttpServer server(make_certificate(dir, any_host));
    HttpOptions options = patient();
    options.ca_file = dir.file("missing.pem");
    CHECK(error_of(secret_calendar(server, "/ok"), options).code == ErrorCode::unavailable);
    CHECK(server.requests().empty());
}

TEST_CASE("webcal means https") {
    const TempDir dir;
    const Certificate certificate = make_certificate(dir, any_host);
    const HttpServer server(certificate);
    CHECK(is_whole_calendar(
        fetched(web_calendar("webcal://" + server.place("/ok")), trusting(certificate)).bytes));
}

TEST_CASE("https asked of a plain http server, and http of an https server, are unavailable") {
    const TempDir dir;
    const HttpServer plain;
    CHECK(error_of(web_calendar("https://" + plain.place("/SECRET"))).code == ErrorCode::unavailable);
    const HttpServer secure(make_certificate(dir, any_host));
    CHECK(error_of(web_calendar("http://" + secure.place("/SECRET"))).code == ErrorCode::unavailable);
}

TEST_CASE("https is followed to https on another host, never down to http") {
    const TempDir dir;
    const Certificate certificate = make_certificate(dir, any_host);
    const HttpServer secure(certificate);
    const HttpServer plain;
    const std::string other_name = "https://localhost:" + secure.port() + "/ok";
    CHECK(is_whole_calendar(
        fetched(web_calendar(secure.url(redirect_to(other_name))), trusting(certificate)).bytes));

    const Error error =
        error_of(secret_calendar(secure, redirect_to(plain.url("/ok?SECRET"))), trusting(certificate));
    CHECK(error.code == ErrorCode::refused);
    CHECK_THAT(error.message, Catch::Contains("plain http"));
    CHECK(plain.requests().empty());
}

TEST_CASE("http is followed to https on the same host, with its credentials") {
    const TempDir dir;
    const Certificate certificate = make_certificate(dir, any_host);
    const HttpServer secure(certificate);
    const HttpServer plain;
    CalendarRef calendar = web_calendar(plain.url(redirect_to(secure.url("/auth"))));
    write_file(dir.file("password"), alice_password);
    calendar.user = "alice";
    calendar.password_file = dir.file("password");
    CHECK(is_whole_calendar(fetched(calendar, trusting(certificate)).bytes));
}

TEST_CASE("A user and a password file are sent as Basic, the file read at each fetch") {
    const TempDir dir;
    const HttpServer server;
    const std::string file = dir.file("password");
    const CalendarRef calendar = with_password_file(server.url("/auth"), file);
    for (const char* line_end : {"", "\n", "\r\n"}) {
        write_file(file, alice_password + std::string(line_end));
        CHECK(is_whole_calendar(fetched(calendar).bytes));
    }
    write_file(file, "SECRET wrong password");
    const Error error = error_of(calendar);
    CHECK(error.code == ErrorCode::refused);
    CHECK_THAT(error.message, Catch::Contains("401"));
}

TEST_CASE("A password file that cannot be used is an error, and nothing is sent") {
    const TempDir dir;
    const HttpServer server;
    const auto code_for = [&](const std::string& file) {
        const Error error = error_of(with_password_file(server.url("/auth"), file));
        CHECK_THAT(error.message, Catch::Contains("password file"));
        return error.code;
    };
    CHECK(code_for(dir.file("missing")) == ErrorCode::not_found);
    CHECK(code_for(dir.path().string()) == ErrorCode::refused);
    write_file(dir.file("long"), std::string(5000, 'S') + "SECRET");
    CHECK(code_for(dir.file("long")) == ErrorCode::too_large);
    write_file(dir.file("binary"), std::string("SECRET\0x", 8));
    CHECK(code_for(dir.file("binary")) == ErrorCode::refused);
    CHECK(server.requests().empty());
}

TEST_CASE("Credentials in a URL are used, decoded, and a password file goes before them") {
    const TempDir dir;
    const HttpServer server;
    const std::string url = "http://alice:pass%20word%3A%20%C3%BCn%C3%AF@" + server.place("/auth");
    CHECK(is_whole_calendar(fetched(web_calendar(url)).bytes));
    CHECK_THAT(server.requests(), Catch::Contains(alice_basic) && !Catch::Contains("alice:"));
    write_file(dir.file("password"), "another");
    CHECK(error_of(with_password_file(url, dir.file("password"))).code == ErrorCode::refused);
}

TEST_CASE("Credentials are never sent to another host, nor back again") {
    const TempDir dir;
    const Certificate certificate = make_certificate(dir, any_host);
    const HttpServer server(certificate);
    write_file(dir.file("password"), alice_password);
    const std::string back = server.url("/auth");
    const std::string other_name = "https://localhost:" + server.port() + redirect_to(back);
    const CalendarRef calendar =
        with_password_file(server.url(redirect_to(other_name)), dir.file("password"));

    const Error error = error_of(calendar, trusting(certificate));
    CHECK(error.code == ErrorCode::refused);
    CHECK_THAT(error.message, Catch::Contains("401"));
    const std::string requests = server.requests();
    CHECK(count_of(requests, "GET ") == 3);
    CHECK(count_of(requests, "Authorization:") == 1);
    CHECK(requests.find("Authorization:") < requests.find("Host: localhost"));
}

TEST_CASE("Credentials that a redirect brings along are not used") {
    const HttpServer server;
    const std::string target = "http://mallory:SECRET@" + server.place("/ok");
    CHECK(is_whole_calendar(fetched(web_calendar(server.url(redirect_to(target)))).bytes));
    CHECK_THAT(server.requests(), !Catch::Contains("Authorization"));
}

}  // namespace redirect_test
