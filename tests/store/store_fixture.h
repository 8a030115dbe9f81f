// What the store's tests share: a database file in a directory of its own, and rows to publish.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "store/open_store.h"
#include "support/temp_dir.h"
#include "time/format.h"
#include "watchbill/ports.h"

namespace watchbill::test {

inline Instant at(const std::string& text) { return parse_instant(text).value(); }
inline Day day(const std::string& text) { return parse_day(text).value(); }
inline MemberId member(const std::string& email) { return MemberId::parse(email).value(); }

inline std::unique_ptr<Store> open(const std::string& path) {
    Result<std::unique_ptr<Store>> store = open_store("sqlite:" + path);
    if (!store) FAIL(store.error().message + " " + store.error().where);
    return std::move(*store);
}

inline Error error_of_opening(const std::string& url, const StoreOptions& options = {}) {
    Result<std::unique_ptr<Store>> store = open_store(url, options);
    REQUIRE_FALSE(store.has_value());
    return store.error();
}

// A shift from 09:00 to 18:00 UTC of `date`.
inline Assignment shift_of(const std::string& rotation, const std::string& date, const std::string& email) {
    Assignment assignment;
    assignment.shift.key = {rotation, day(date)};
    assignment.shift.when = {at(date + "T09:00:00Z"), at(date + "T18:00:00Z")};
    assignment.member = member(email);
    assignment.reasons = {{ReasonCode::next_turn, member(email), {}, {}, {}}};
    return assignment;
}

inline Publication publication_of(Instant instant, std::vector<Assignment> changed) {
    Publication publication;
    publication.team = "payments";
    publication.at = instant;
    publication.changed = std::move(changed);
    return publication;
}

inline const DaySpan all_days{day("2000-01-01"), day("2100-01-01")};

inline std::vector<Assignment> assignments_in(Store& store, const std::string& team = "payments") {
    Result<std::vector<PublishedAssignment>> rows = store.assignments(team, all_days);
    REQUIRE(rows.has_value());
    std::vector<Assignment> found;
    for (const PublishedAssignment& row : *rows) found.push_back(row.assignment);
    return found;
}

inline AuditEntry revocation() {
    return {at("2026-03-02T08:00:00Z"), "cli:alice", "", "payments", "feed.revoked", "revoked a feed's URL"};
}

}  // namespace watchbill::test
