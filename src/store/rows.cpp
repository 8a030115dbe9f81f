#include "store/rows.h"

#include <cassert>
#include <nlohmann/json.hpp>

#include "crypto/crypto.h"
#include "store/base64.h"
#include "store/seconds.h"
#include "time/format.h"

namespace watchbill::store {

// Lengths come first, so that moving a byte from one column to the next changes the digest. 64 bits are
// plenty against accidents; nobody is kept from forging a file they can write.
std::string row_digest(std::initializer_list<std::string_view> columns) {
    std::string joined;
    for (const std::string_view column : columns) {
        joined += std::to_string(column.size());
        joined += ':';
        joined += column;
    }
    return crypto::sha256_hex(joined).substr(0, 16);
}

namespace {

using Json = nlohmann::json;

// assignments.on_holiday: whose holiday the shift touches. 0 and 1 are older than the others, when only the
// holder's was kept, who is on the roster but for those who cover a shift.
constexpr int nobodys_holiday = 0;
constexpr int holders_and_rosters_holiday = 1;
constexpr int rosters_holiday = 2;
constexpr int holders_holiday = 3;

int holiday_number(const Assignment& assignment) {
    if (assignment.on_holiday) return assignment.holiday ? holders_and_rosters_holiday : holders_holiday;
    return assignment.holiday ? rosters_holiday : nobodys_holiday;
}

void read_holiday_number(int number, Assignment& assignment) {
    assignment.on_holiday = number == holders_and_rosters_holiday || number == holders_holiday;
    assignment.holiday = number == holders_and_rosters_holiday || number == rosters_holiday;
}

std::string digest_of(const AssignmentRow& row) {
    // The last two columns came later: rows from before them have a digest without.
    const std::string published_at = std::to_string(row.published_at);
    const std::string later = row.candidates + ' ' + std::to_string(row.on_holiday);
    return row_digest({row.team, row.shift_date, row.rotation, std::to_string(row.shift_start),
                       std::to_string(row.shift_end), row.member, std::to_string(row.rest_broken),
                       std::to_string(row.overridden), row.reasons,
                       row.candidates.empty() ? published_at : published_at + ' ' + later});
}

std::string digest_of(const OverrideRow& row) {
    return row_digest({row.team, row.shift_date, row.rotation, row.member, row.reason, row.fixed_by,
                       std::to_string(row.fixed_at)});
}

std::string digest_of(const VersionRow& row) {
    return row_digest({row.team, row.uid, std::to_string(row.sequence), std::to_string(row.last_modified),
                       row.content_hash});
}

std::string digest_of(const CopyRow& row) {
    // The owner came later: rows from before have a digest without.
    if (row.team.empty()) return row_digest({row.key, row.bytes_base64, row.etag, row.last_modified});
    return row_digest({row.key, row.bytes_base64, row.etag, row.last_modified, row.team, row.owner,
                       std::to_string(row.place)});
}

tl::unexpected<Error> damaged_row(const std::string& what) {
    return fail(ErrorCode::damaged,
                what + " in the database is damaged: restore the database from a backup, or move it away");
}

Json to_json(const Reason& reason) {
    Json json{{"code", reason_name(reason.code)}, {"member", reason.member.email()}};
    if (reason.when) {
        json["start"] = to_seconds(reason.when->start);
        json["end"] = to_seconds(reason.when->end);
    }
    if (reason.absence_kind) json["absence_kind"] = absence_kind_name(*reason.absence_kind);
    if (reason.balance) json["balance"] = *reason.balance;
    if (!reason.fair_class.empty()) json["class"] = reason.fair_class;
    if (reason.class_balance) json["class_balance"] = *reason.class_balance;
    return json;
}

// Throws what nlohmann/json throws for members that are missing or of another type.
std::optional<Reason> reason_from_json(const Json& json) {
    const auto code = reason_from_name(json.at("code").get_ref<const std::string&>());
    if (!code) return std::nullopt;
    Reason reason;
    reason.code = *code;
    if (const auto& email = json.at("member").get_ref<const std::string&>(); !email.empty()) {
        const auto member = MemberId::parse(email);
        if (!member) return std::nullopt;
        reason.member = *member;
    }
    if (json.contains("start")) {
        reason.when = Interval{to_instant(json.at("start").get<long long>()),
                               to_instant(json.at("end").get<long long>())};
    }
    if (json.contains("absence_kind")) {
        reason.absence_kind = absence_kind_from_name(json.at("absence_kind").get_ref<const std::string&>());
        if (!reason.absence_kind) return std::nullopt;
    }
    if (json.contains("balance")) reason.balance = json.at("balance").get<double>();
    if (json.contains("class")) reason.fair_class = json.at("class").get<std::string>();
    if (json.contains("class_balance")) reason.class_balance = json.at("class_balance").get<double>();
    return reason;
}

std::string candidates_to_json(const std::vector<Candidate>& candidates) {
    Json list = Json::array();
    for (const Candidate& candidate : candidates)
        list.push_back({candidate.member.email(), candidate.weight});
    return list.dump();
}

// Throws what nlohmann/json throws; nothing when an address or a weight is none.
std::optional<std::vector<Candidate>> candidates_from_json(const std::string& text) {
    std::vector<Candidate> candidates;
    if (text.empty()) return candidates;
    for (const Json& item : Json::parse(text)) {
        const auto member = MemberId::parse(item.at(0).get_ref<const std::string&>());
        const int weight = item.at(1).get<int>();
        if (!member || weight <= 0) return std::nullopt;
        candidates.push_back({*member, weight});
    }
    return candidates;
}

}  // namespace

std::string reasons_to_json(const std::vector<Reason>& reasons) {
    Json list = Json::array();
    for (const Reason& reason : reasons) list.push_back(to_json(reason));
    return list.dump();
}

Result<std::vector<Reason>> reasons_from_json(const std::string& text) {
    try {
        std::vector<Reason> reasons;
        for (const Json& item : Json::parse(text)) {
            std::optional<Reason> reason = reason_from_json(item);
            if (!reason) return damaged_row("the reason of an assignment");
            reasons.push_back(std::move(*reason));
        }
        return reasons;
    } catch (const Json::exception&) {
        return damaged_row("the reason of an assignment");
    }
}

Result<AssignmentRow> to_row(const std::string& team, const PublishedAssignment& published) {
    const Assignment& assignment = published.assignment;
    assert((!assignment.member || !assignment.member->empty()) && "nobody is nullopt, not an empty address");
    AssignmentRow row;
    row.team = team;
    row.shift_date = format_day(assignment.shift.key.date);
    row.rotation = assignment.shift.key.rotation;
    row.shift_start = to_seconds(assignment.shift.when.start);
    row.shift_end = to_seconds(assignment.shift.when.end);
    row.member = assignment.member ? assignment.member->email() : "";
    row.rest_broken = assignment.rest_broken ? 1 : 0;
    row.overridden = assignment.overridden ? 1 : 0;
    row.on_holiday = holiday_number(assignment);
    try {
        row.reasons = reasons_to_json(assignment.reasons);
        row.candidates = candidates_to_json(assignment.candidates);
    } catch (const Json::exception&) {
        return fail(ErrorCode::invalid_input,
                    "a member's address is not UTF-8: write it in UTF-8 in the team's file",
                    row.rotation + " " + row.shift_date);
    }
    row.published_at = to_seconds(published.published_at);
    row.digest = digest_of(row);
    return row;
}

OverrideRow to_row(const std::string& team, const Override& fixed) {
    OverrideRow row{team,
                    format_day(fixed.shift.date),
                    fixed.shift.rotation,
                    fixed.member.email(),
                    fixed.reason,
                    fixed.by,
                    to_seconds(fixed.at),
                    "",
                    fixed.forced ? 1 : 0};
    row.digest = digest_of(row);
    return row;
}

VersionRow to_row(const std::string& team, const std::string& uid, const EventVersion& version) {
    VersionRow row{team, uid, version.sequence, to_seconds(version.last_modified), version.content_hash, ""};
    row.digest = digest_of(row);
    return row;
}

CopyRow to_row(const SourceCopy& copy) {
    CopyRow row{copy.key,
                base64_encode(copy.bytes),
                copy.validators.etag,
                copy.validators.last_modified,
                "",
                to_seconds(copy.fetched_at),
                copy.team,
                copy.owner,
                copy.place};
    row.digest = digest_of(row);
    return row;
}

Result<PublishedAssignment> from_row(const AssignmentRow& row) {
    const std::string what = "the assignment of " + row.rotation + " on " + row.shift_date;
    const std::optional<Day> date = parse_day(row.shift_date);
    const std::optional<MemberId> member = MemberId::parse(row.member);
    if (row.digest != digest_of(row) || !date || (!row.member.empty() && !member)) return damaged_row(what);
    Result<std::vector<Reason>> reasons = reasons_from_json(row.reasons);
    if (!reasons) return tl::unexpected<Error>(std::move(reasons.error()));
    std::optional<std::vector<Candidate>> candidates;
    try {
        candidates = candidates_from_json(row.candidates);
    } catch (const Json::exception&) {
        // Told below.
    }
    if (!candidates) return damaged_row("the candidates of " + row.rotation + " on " + row.shift_date);

    PublishedAssignment published;
    Assignment& assignment = published.assignment;
    assignment.shift.key = {row.rotation, *date};
    assignment.shift.when = {to_instant(row.shift_start), to_instant(row.shift_end)};
    assignment.member = member;
    assignment.rest_broken = row.rest_broken != 0;
    assignment.overridden = row.overridden != 0;
    read_holiday_number(row.on_holiday, assignment);
    assignment.reasons = std::move(*reasons);
    assignment.candidates = std::move(*candidates);
    published.published_at = to_instant(row.published_at);
    return published;
}

Result<Override> from_row(const OverrideRow& row) {
    const std::optional<Day> date = parse_day(row.shift_date);
    const std::optional<MemberId> member = MemberId::parse(row.member);
    if (row.digest != digest_of(row) || !date || !member)
        return damaged_row("the override of " + row.rotation + " on " + row.shift_date);
    return Override{{row.rotation, *date},    *member,        row.reason, row.fixed_by,
                    to_instant(row.fixed_at), row.forced != 0};
}

Result<EventVersion> from_row(const VersionRow& row) {
    if (row.digest != digest_of(row)) return damaged_row("the version of an event");
    return EventVersion{row.sequence, to_instant(row.last_modified), row.content_hash};
}

Result<SourceCopy> from_row(const CopyRow& row) {
    std::optional<std::string> bytes;
    if (row.digest == digest_of(row)) bytes = base64_decode(row.bytes_base64);
    if (!bytes) {
        return fail(ErrorCode::damaged,
                    "the copy of a calendar in the database is damaged: it is replaced as soon as the "
                    "calendar can be read again");
    }
    return SourceCopy{
        row.key,   std::move(*bytes), {row.etag, row.last_modified}, to_instant(row.fetched_at), row.team,
        row.owner, row.place};
}

}  // namespace watchbill::store
