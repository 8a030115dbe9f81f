#include "sources/collection_reader.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "sources/dav_requests.h"

namespace watchbill::dav {

namespace {

constexpr long status_multi = 207;
constexpr long status_not_found = 404;
constexpr long status_insufficient_storage = 507;  // here: "there is more" (RFC 6578 3.6, RFC 5323)

// A page has at least one change; servers send hundreds. More pages than this are an answer without end.
constexpr int most_pages = 200;
// As many as clients in the field ask for at once.
constexpr size_t batch_size = 50;

constexpr std::string_view event = "VEVENT";
// Events with one of these are asked for whatever their time: Xandikos looks at an event's first instance
// only, and a weekly night on duty that began last year must not be missed.
constexpr std::array<std::string_view, 2> recurring = {"RRULE", "RDATE"};
// RFC 4791 9.9 gives VFREEBUSY a time-range and RFC 7953 5 VAVAILABILITY, but servers that keep them seldom
// filter them by time; there are few of them, so they are asked for as they are.
constexpr std::array<std::string_view, 2> read_whole = {"VFREEBUSY", "VAVAILABILITY"};

tl::unexpected<Error> no_calendar() {
    return fail(ErrorCode::refused,
                "there is no calendar at this address but something else (a folder, a person): give the "
                "address of the calendar itself, as its settings show it");
}

tl::unexpected<Error> incomplete_list() {
    return fail(ErrorCode::unavailable,
                "the server lists only a part of the calendar, because it is large: publish fewer months, or "
                "split it");
}

tl::unexpected<Error> withheld_event(long status) {
    return fail(ErrorCode::unavailable, "the server lists an event and does not give it (" +
                                            std::to_string(status) + "): it is asked again later");
}

// An event that we may not see, or that went away while we looked, is not in the calendar for us.
bool is_out_of_sight(long status) {
    return status == status_not_found || status == 410 || status == 401 || status == 403;
}

// The answer that says "not with this token", or "not that way", rather than "not now" or "not you". RFC
// 6578 3.2 asks for 403 with valid-sync-token; servers also answer 400, 409, 410, 412, 507 and, surprised,
// 500. Who is meant by a plain 403 will hear it again when asking for the state.
bool refuses_sync(long status) {
    constexpr std::array<long, 10> refusals = {400, 403, 405, 409, 410, 412, 415, 500, 501, 507};
    return std::find(refusals.begin(), refusals.end(), status) != refusals.end();
}

bool refuses_filter(long status) {
    return status == 400 || status == 403 || status == 412 || status == 415 || status == 422 || status == 501;
}

}  // namespace

Result<CollectionReader> CollectionReader::open(const CalendarRef& calendar, const HttpOptions& options) {
    Result<Client> client = Client::open(calendar, options);
    if (!client) return tl::unexpected<Error>(std::move(client.error()));
    return CollectionReader(std::move(*client));
}

Result<StateToken> CollectionReader::ask_for_state() {
    Result<Multistatus> answer = client_.propfind(collection_properties(), "0");
    if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
    if (answer->resources.empty() || !answer->resources.front().is_calendar) return no_calendar();
    const Resource& collection = answer->resources.front();
    components_.clear();
    const auto holds = [&](std::string_view component) {
        return !collection.components ||
               std::find(collection.components->begin(), collection.components->end(), component) !=
                   collection.components->end();
    };
    if (holds(event)) components_.emplace_back(event);
    for (const std::string_view component : read_whole)
        if (collection.components && holds(component)) components_.emplace_back(component);
    if (components_.empty()) {
        return fail(
            ErrorCode::refused,
            "the calendar at this address holds no events but tasks or notes: give the address of one "
            "that does");
    }
    if (collection.can_sync && !collection.sync_token.empty()) return StateToken{collection.sync_token, true};
    return StateToken{collection.ctag, false};
}

Result<CollectionCopy> CollectionReader::query(Interval span) {
    CollectionCopy copy(span);
    for (const std::string& component : components_) {
        if (component == event) {
            if (auto queried = query_events(span, copy); !queried)
                return tl::unexpected<Error>(std::move(queried.error()));
            continue;
        }
        const Result<bool> queried = query_with(calendar_query(component), copy);
        if (!queried) return tl::unexpected<Error>(queried.error());
    }
    return copy;
}

Result<void> CollectionReader::query_events(Interval span, CollectionCopy& copy) {
    std::vector<std::string> queries{calendar_query(event, span)};
    for (const std::string_view property : recurring) queries.push_back(calendar_query(event, property));
    for (std::string& body : queries) {
        const Result<bool> understood = query_with(std::move(body), copy);
        if (!understood) return tl::unexpected<Error>(understood.error());
        if (*understood) continue;
        // It knows no such filters: all events, then.
        const Result<bool> listed = query_with(calendar_query(event), copy);
        if (!listed) return tl::unexpected<Error>(listed.error());
        if (*listed) return {};
        return fail(ErrorCode::refused,
                    "the server does not answer calendar-query, as CalDAV servers do: check the calendar's "
                    "address, and what its user may see");
    }
    return {};
}

Result<bool> CollectionReader::query_with(std::string body, CollectionCopy& copy) {
    Result<HttpAnswer> answer = client_.report(std::move(body), "1");
    if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
    if (refuses_filter(answer->status)) return false;
    if (answer->status == status_insufficient_storage) return incomplete_list();
    if (answer->status != status_multi) return status_error(*answer);
    Result<Multistatus> listed = parse_multistatus(std::move(answer->bytes));
    if (!listed) return tl::unexpected<Error>(std::move(listed.error()));
    for (const Resource& resource : listed->resources)
        if (resource.status == status_insufficient_storage) return incomplete_list();
    if (auto taken = take(listed->resources, copy); !taken)
        return tl::unexpected<Error>(std::move(taken.error()));
    return true;
}

Result<bool> CollectionReader::sync(CollectionCopy& copy) {
    for (int page = 0; page < most_pages; ++page) {
        const std::string before = copy.token().text;
        Result<HttpAnswer> answer = client_.report(sync_collection(before), "0");
        if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
        if (refuses_sync(answer->status)) return false;
        if (answer->status != status_multi) return status_error(*answer);
        Result<Multistatus> changes = parse_multistatus(std::move(answer->bytes));
        if (!changes) return tl::unexpected<Error>(std::move(changes.error()));
        if (changes->sync_token.empty()) return false;

        bool has_more = false;
        std::vector<Resource> changed;
        for (Resource& resource : changes->resources) {
            Result<bool> itself = is_collection_itself(resource);
            if (!itself) return itself;
            has_more |= *itself && resource.status == status_insufficient_storage;
            if (!*itself) changed.push_back(std::move(resource));
        }
        if (auto taken = take(changed, copy); !taken) return tl::unexpected<Error>(std::move(taken.error()));
        copy.set_token({changes->sync_token, true});
        if (!has_more) return true;
        if (changes->sync_token == before) return false;  // it goes round in circles
    }
    return false;
}

Result<bool> CollectionReader::is_collection_itself(const Resource& resource) const {
    const Result<std::string> path = client_.path_of(resource.href);
    if (!path) return tl::unexpected<Error>(path.error());
    const Result<std::string> own = client_.path_of(client_.member(""));
    if (!own) return tl::unexpected<Error>(own.error());
    return *path == *own || *path + "/" == *own;
}

Result<void> CollectionReader::take(const std::vector<Resource>& resources, CollectionCopy& copy) {
    std::vector<std::string> missing;
    for (const Resource& resource : resources) {
        Result<std::string> path = client_.path_of(resource.href);
        if (!path) return tl::unexpected<Error>(std::move(path.error()));
        if (is_out_of_sight(resource.status)) {
            copy.remove(*path);
        } else if (resource.calendar_data) {
            if (auto kept = copy.set(*path, resource.etag, *resource.calendar_data); !kept) return kept;
        } else if (!path->ends_with('/') && !copy.has(*path, resource.etag)) {  // no folder
            missing.push_back(std::move(*path));
        }
    }
    return fetch_missing(missing, copy);
}

Result<void> CollectionReader::fetch_missing(const std::vector<std::string>& hrefs, CollectionCopy& copy) {
    for (size_t first = 0; first < hrefs.size(); first += batch_size) {
        const size_t last = std::min(first + batch_size, hrefs.size());
        const auto at = [&](size_t index) { return hrefs.begin() + static_cast<std::ptrdiff_t>(index); };
        if (auto fetched = fetch_batch({at(first), at(last)}, copy); !fetched) return fetched;
    }
    return {};
}

Result<void> CollectionReader::fetch_batch(const std::vector<std::string>& hrefs, CollectionCopy& copy) {
    Result<HttpAnswer> answer = client_.report(calendar_multiget(hrefs), "0");
    if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
    if (answer->status != status_multi) return status_error(*answer);
    Result<Multistatus> given = parse_multistatus(std::move(answer->bytes));
    if (!given) return tl::unexpected<Error>(std::move(given.error()));
    std::set<std::string> wanted(hrefs.begin(), hrefs.end());
    for (const Resource& resource : given->resources) {
        Result<std::string> path = client_.path_of(resource.href);
        if (!path) return tl::unexpected<Error>(std::move(path.error()));
        if (wanted.erase(*path) == 0) continue;  // nobody asked for it
        const long status = resource.status != 0 ? resource.status : resource.property_status;
        if (resource.calendar_data) {
            if (auto kept = copy.set(*path, resource.etag, *resource.calendar_data); !kept) return kept;
        } else if (is_out_of_sight(status)) {
            copy.remove(*path);
        } else {
            return withheld_event(status);
        }
    }
    if (!wanted.empty()) return withheld_event(0);
    return {};
}

}  // namespace watchbill::dav
