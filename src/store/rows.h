// Rows of the database as values: how assignments, versions and copies are written in columns. Pure.
//
// Every row carries a digest of its columns: SQLite checks the structure of its pages, not what stands in
// them, and a flipped bit must not put another person on duty.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/ports.h"

namespace watchbill::store {

std::string row_digest(std::initializer_list<std::string_view> columns);

struct AssignmentRow {
    std::string team;
    std::string shift_date;
    std::string rotation;
    long long shift_start = 0;
    long long shift_end = 0;
    std::string member;  // "" for nobody
    int rest_broken = 0;
    int overridden = 0;
    int on_holiday = 0;
    std::string reasons;     // JSON
    std::string candidates;  // JSON; "" in rows from before it was kept
    long long published_at = 0;
    std::string digest;
};

struct OverrideRow {
    std::string team;
    std::string shift_date;
    std::string rotation;
    std::string member;
    std::string reason;
    std::string fixed_by;
    long long fixed_at = 0;
    std::string digest;  // without `forced`, which came later and was filled in by a migration
    int forced = 0;
};

struct VersionRow {
    std::string team;
    std::string uid;
    int sequence = 0;
    long long last_modified = 0;
    std::string content_hash;
    std::string digest;
};

struct CopyRow {
    std::string key;
    std::string bytes_base64;
    std::string etag;
    std::string last_modified;
    std::string digest;  // without fetched_at, which changes on its own
    long long fetched_at = 0;
    std::string team;
    std::string owner;
    int place = 0;
};

// Error: invalid_input, for text that is not UTF-8 and so cannot be written.
Result<AssignmentRow> to_row(const std::string& team, const PublishedAssignment& published);
OverrideRow to_row(const std::string& team, const Override& fixed);
VersionRow to_row(const std::string& team, const std::string& uid, const EventVersion& version);
CopyRow to_row(const SourceCopy& copy);

// Error: damaged, when a digest or a column is not what was written.
Result<PublishedAssignment> from_row(const AssignmentRow& row);
Result<Override> from_row(const OverrideRow& row);
Result<EventVersion> from_row(const VersionRow& row);
Result<SourceCopy> from_row(const CopyRow& row);

std::string reasons_to_json(const std::vector<Reason>& reasons);
Result<std::vector<Reason>> reasons_from_json(const std::string& text);

}  // namespace watchbill::store
