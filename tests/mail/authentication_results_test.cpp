#include "mail/authentication_results.h"

#include <catch2/catch.hpp>

namespace authentication_results_test {

using namespace watchbill::mail;

namespace {

bool failed(const std::string& value, const std::string& server = "") {
    const auto header = read_header("Authentication-Results: " + value + "\r\n");
    REQUIRE(header);
    return failed_authentication(*header, server);
}

}  // namespace

TEST_CASE("dmarc=fail is found in all the ways that the grammar allows") {
    for (const char* value :
         {"mx.example.com; dmarc=fail", "mx.example.com;dmarc = fail", "mx.example.com; DMARC=Fail",
          "mx.example.com; dmarc=(p=none) fail", "mx.example.com; dmarc(x)=fail (p=none)",
          "mx.example.com; dmarc=\r\n fail", "mx.example.com; dmarc\r\n\t=\r\n\tfail header.from=x.y",
          "mx.example.com 1; spf=pass; dmarc=fail", "mx.example.com 1 (v); dmarc/1=fail",
          "mx.example.com; dmarc (a) / (b) 1 (c (d)) = (e) fail (f)", "\"mx.example.com\"; dmarc=fail",
          "(x) mx.example.com (y); (z) dmarc=fail", "mx.example.com; dmarc=\"fail\"",
          "mx.example.com; spf=pass reason=\"a;b\" smtp.mailfrom=x; dmarc=fail reason=\"(\"",
          "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x.y; dmarc=fail action=none header.from=x.y",
          "dmarc=fail header.from=x.y", "mx.example.com; spf=pass dmarc=fail", "mx.example.com; dmarc=fail;",
          "mx.example.com; dkim=pass header.b=ab/c==; dmarc=fail"}) {
        INFO(value);
        CHECK(failed(value));
    }
    // What cannot be read may say anything.
    CHECK(failed("mx.example.com; dmarc=(p=none fail"));
    CHECK(failed("mx.example.com; spf=pass reason=\"dmarc"));
}

TEST_CASE("What only looks like it is no failure") {
    for (const char* value :
         {"mx.example.com; dmarc=pass", "mx.example.com; none", "mx.example.com;", "mx.example.com",
          "mx.example.com; dmarc=pass (was dmarc=fail; dmarc=fail)", "mx.example.com; dmarc=none",
          "mx.example.com; spf=fail; dkim=fail; dmarc=pass",
          "mx.example.com; dmarc=pass reason=\"dmarc=fail\"", "mx.example.com; dkim=pass policy.dmarc=fail",
          "mx.example.com; x-dmarc=fail", "mx.example.com; dmarc=failure-free",
          "mx.example.com; dmarc=temperror", "dmarc=pass action=none",
          "mx.example.com; spf=pass smtp.mailfrom=\"dmarc=fail\"@example.com; dmarc=pass", ""}) {
        INFO(value);
        CHECK_FALSE(failed(value));
    }
}

TEST_CASE("A named server's fields count, all of them, and nobody else's") {
    const auto header = read_header(
        "Authentication-Results: other.example.net; dmarc=fail\r\n"
        "Received: x\r\n"
        "authentication-results : MX.example.com 1; dmarc=pass\r\n"
        "Authentication-Results: \"mx2.example.com\"; spf=pass\r\n"
        "Authentication-Results: mx2.example.com (y); dmarc=fail\r\n\r\n"
        "Authentication-Results: mx3.example.com; dmarc=fail\r\n");
    REQUIRE(header);
    CHECK(failed_authentication(*header, "other.example.net"));
    CHECK_FALSE(failed_authentication(*header, "mx.example.com"));
    CHECK_FALSE(failed_authentication(*header, "Mx.Example.Com"));
    CHECK(failed_authentication(*header, "mx2.example.com"));
    CHECK_FALSE(failed_authentication(*header, "mx3.example.com"));
    CHECK(failed_authentication(*header, ""));
    CHECK_FALSE(failed("other.example.net; dmarc=fail", "mx.example.com"));
    CHECK_FALSE(failed("mx.example.com.evil.net; dmarc=fail", "mx.example.com"));
    CHECK_FALSE(failed_authentication({}, ""));
    CHECK_FALSE(failed_authentication({}, "mx.example.com"));
}

}  // namespace authentication_results_test
