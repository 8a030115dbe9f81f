#include "service/delivery_pace.h"

#include <catch2/catch.hpp>

namespace delivery_pace_test {

using namespace watchbill;
using Failure = DeliveryPace::Failure;

namespace {

const SteadyInstant start{std::chrono::hours(1)};

}  // namespace

TEST_CASE("A server that works gets as many as there are senders") {
    const DeliveryPace pace(4);
    CHECK(pace.may_begin(start, 0) == 4);
    CHECK(pace.may_begin(start, 3) == 1);
    CHECK(pace.may_begin(start, 4) == 0);
}

TEST_CASE("One that fails is left alone, ever longer, and then tried with one message after the other") {
    DeliveryPace pace(4);
    CHECK(pace.failed(start, 0, 0.5) == Failure::first);
    CHECK(pace.may_begin(start + Duration(4), 0) == 0);
    CHECK(pace.pause_left(start + Duration(1)) == Duration(4));
    // What had begun before tells nothing new.
    CHECK(pace.failed(start + Duration(1), 0, 0.5) == Failure::again);
    SteadyInstant now = start + Duration(5);
    CHECK(pace.may_begin(now, 0) == 1);
    pace.begun(now, 1);
    CHECK(pace.may_begin(now, 1) == 0);
    CHECK(pace.may_begin(now + Duration(5), 1) == 1);  // the first may hang
    CHECK(pace.failed(now, 0, 0.5) == Failure::again);
    CHECK(pace.may_begin(now + Duration(9), 0) == 0);
    now += Duration(10);
    CHECK(pace.may_begin(now, 0) == 1);
    CHECK(pace.worked(now, 1));
    CHECK(pace.may_begin(now, 1) == 3);
    CHECK_FALSE(pace.worked(now, 1));
}

TEST_CASE("One that takes two connections gets two, and is asked for more now and then") {
    DeliveryPace pace(4);
    CHECK(pace.failed(start, 3, 0.5) == Failure::crowded);
    CHECK(pace.failed(start, 2, 0.5) == Failure::crowded);
    CHECK(pace.may_begin(start, 2) == 0);
    CHECK(pace.may_begin(start, 1) == 1);
    const SteadyInstant later = start + Duration(10);
    CHECK(pace.may_begin(later, 2) == 1);
    pace.begun(later, 3);
    CHECK(pace.may_begin(later, 2) == 0);
    CHECK_FALSE(pace.worked(later, 3));  // by now it takes three
    CHECK(pace.may_begin(later, 2) == 1);
}

TEST_CASE("One that worked a moment ago is tried once more before all mails wait") {
    DeliveryPace pace(4);
    pace.worked(start, 1);
    CHECK(pace.failed(start + Duration(1), 0, 0.5) == Failure::crowded);
    CHECK(pace.may_begin(start + Duration(1), 0) == 1);
    CHECK(pace.failed(start + Duration(1), 0, 0.5) == Failure::first);
    CHECK(pace.may_begin(start + Duration(1), 0) == 0);
}

}  // namespace delivery_pace_test
