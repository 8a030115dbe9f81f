#include "sources/event_calendar.h"

#include <algorithm>
#include <utility>

#include "sources/ca_file.h"
#include "sources/dav_client.h"
#include "sources/dav_requests.h"

namespace watchbill {

namespace {

// File names have 255 bytes, of which some servers take a few for names of temporary files.
constexpr size_t longest_name = 200;

bool is_success(long status) { return status >= 200 && status < 300; }

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [lower](char x, char y) { return lower(x) == lower(y); });
}

// Those that are mail addresses: there are paths and URNs among them.
std::vector<MemberId> mail_addresses(const std::vector<std::string>& addresses) {
    constexpr std::string_view scheme = "mailto:";
    std::vector<MemberId> members;
    for (const std::string& address : addresses) {
        if (!equal_ignoring_case(std::string_view(address).substr(0, scheme.size()), scheme)) continue;
        const auto member = MemberId::parse(address.substr(scheme.size()));
        if (member && std::find(members.begin(), members.end(), *member) == members.end())
            members.push_back(*member);
    }
    return members;
}

tl::unexpected<Error> no_name() {
    return fail(ErrorCode::invalid_input,
                "the event's UID is empty or too long to be the name of a resource: use a shorter one");
}

tl::unexpected<Error> conflict() {
    return fail(ErrorCode::conflict,
                "the event on the CalDAV server is not what it was thought to be: read it, and try again");
}

// What a refused PUT or DELETE means.
tl::unexpected<Error> write_error(const HttpAnswer& answer) {
    if (answer.status == 412) return conflict();
    // "There is an event of this UID already" (RFC 4791 5.3.2.1), under another name.
    const bool has_reason = answer.status == 403 || answer.status == 409;
    if (has_reason && dav::names_precondition(answer.bytes, "no-uid-conflict")) return conflict();
    const std::string answered = "the server answered " + std::to_string(answer.status);
    if (answer.status == 403) {
        return fail(ErrorCode::refused,
                    answered +
                        ": it does not let this user write there; give them the right to, "
                        "or name another calendar");
    }
    if (answer.status == 507) {
        return fail(ErrorCode::unavailable, answered + ": there is no room left for this user's calendars");
    }
    return status_error(answer);
}

class CalDavEventCalendar : public EventCalendar {
public:
    CalDavEventCalendar(CalendarRef calendar, HttpOptions options)
        : calendar_(std::move(calendar)), options_(std::move(options)) {}

    Result<CalendarAbilities> discover() override {
        return labelled(with_client<CalendarAbilities>([](dav::Client& client) { return look_at(client); }));
    }

    Result<StoredEvent> read(const std::string& uid) override {
        const auto name = resource_name(uid);
        if (!name) return labelled<StoredEvent>(no_name());
        return labelled(
            with_client<StoredEvent>([&](dav::Client& client) { return read_at(client, *name); }));
    }

    Result<std::string> put(const std::string& uid, const std::string& bytes,
                            const std::optional<std::string>& etag) override {
        const auto name = resource_name(uid);
        if (!name) return labelled<std::string>(no_name());
        HttpCall call;
        call.method = "PUT";
        call.body = bytes;
        call.headers = {"Content-Type: text/calendar; charset=utf-8",
                        etag ? "If-Match: " + *etag : "If-None-Match: *"};
        if (etag && !is_usable(*etag)) return labelled<std::string>(conflict());
        return labelled(with_client<std::string>(
            [&](dav::Client& client) { return put_at(client, *name, std::move(call)); }));
    }

    Result<void> remove(const std::string& uid, const std::string& etag) override {
        const auto name = resource_name(uid);
        if (!name) return labelled<void>(no_name());
        if (!is_usable(etag)) return labelled<void>(conflict());
        HttpCall call;
        call.method = "DELETE";
        call.headers = {"If-Match: " + etag};
        return labelled(with_client<void>([&](dav::Client& client) -> Result<void> {
            const Result<HttpAnswer> answer = client.send_to(client.member(*name), std::move(call));
            if (!answer) return tl::unexpected<Error>(answer.error());
            const bool is_gone = answer->status == 404 || answer->status == 410;
            if (is_gone || is_success(answer->status)) return {};
            return write_error(*answer);
        }));
    }

private:
    // Ours come from read() and put(); what is anything else matches nothing.
    static bool is_usable(const std::string& etag) { return !etag.empty() && is_plain_header(etag); }

    template <typename T>
    Result<T> labelled(Result<T> result) const {
        if (!result) result.error().where = calendar_.label;
        return result;
    }

    template <typename T, typename Use>
    Result<T> with_client(const Use& use) const {
        Result<dav::Client> client = dav::Client::open(calendar_, options_);
        if (!client) return tl::unexpected<Error>(std::move(client.error()));
        return use(*client);
    }

    static Result<CalendarAbilities> look_at(dav::Client& client) {
        const auto found = client.propfind(dav::collection_properties(), "0");
        if (!found) return tl::unexpected<Error>(found.error());
        if (found->resources.empty() || !found->resources.front().is_calendar) {
            return fail(
                ErrorCode::refused,
                "there is no calendar at this address: give the address of the calendar itself, as its "
                "settings show it");
        }
        const dav::Resource& collection = found->resources.front();
        const auto& components = collection.components;
        if (components && std::find(components->begin(), components->end(), "VEVENT") == components->end()) {
            return fail(ErrorCode::refused,
                        "this calendar takes no events: give the address of one that does");
        }
        const auto options = client.options();
        if (!options) return tl::unexpected<Error>(options.error());
        CalendarAbilities abilities;
        abilities.may_write = collection.may_write.value_or(true);
        abilities.schedules = has_dav_class(options->dav, "calendar-auto-schedule");
        if (abilities.schedules) ask_principal(client, collection.principal, abilities);
        return abilities;
    }

    // RFC 6638 2.1: who has no outbox schedules nothing, whatever the server can do for others. A principal
    // that cannot be asked leaves what the header says.
    static void ask_principal(dav::Client& client, const std::string& principal,
                              CalendarAbilities& abilities) {
        if (principal.empty()) return;
        const auto found = client.propfind_at(principal, dav::principal_properties());
        if (!found || found->resources.empty()) return;
        abilities.schedules = !found->resources.front().outbox.empty();
        abilities.organizers = mail_addresses(found->resources.front().addresses);
    }

    static Result<StoredEvent> read_at(dav::Client& client, const std::string& name) {
        HttpCall call;
        // Compressed, it would have another ETag with some servers, which they do not take back.
        call.headers = {"Accept: text/calendar", "Accept-Encoding: identity"};
        Result<HttpAnswer> answer = client.send_to(client.member(name), std::move(call));
        if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
        if (answer->status == 404 || answer->status == 410)
            return fail(ErrorCode::not_found, "the event is not on the CalDAV server");
        if (answer->status != 200) return status_error(*answer);
        if (answer->bytes.size() > max_calendar_bytes)
            return fail(ErrorCode::too_large, "the event on the CalDAV server is larger than 10 MB");
        std::string etag = answer->validators.etag;
        if (etag.empty()) {
            return fail(ErrorCode::refused,
                        "the server gives events no ETag, so changes of others could not be respected: use "
                        "another server for this calendar");
        }
        return StoredEvent{std::move(answer->bytes), std::move(etag)};
    }

    static Result<std::string> put_at(dav::Client& client, const std::string& name, HttpCall call) {
        const Result<HttpAnswer> answer = client.send_to(client.member(name), std::move(call));
        if (!answer) return tl::unexpected<Error>(answer.error());
        if (!is_success(answer->status)) return write_error(*answer);
        // RFC 4791 5.3.4: a server that changes what it stores must not give an ETag here.
        if (!answer->validators.etag.empty()) return answer->validators.etag;
        const auto found = client.propfind_at(client.member(name), dav::etag_property());
        if (!found) return tl::unexpected<Error>(found.error());
        const std::string etag = found->resources.empty() ? "" : found->resources.front().etag;
        if (!is_usable(etag)) {
            return fail(ErrorCode::unavailable,
                        "the server took the event and gives it no ETag: it is asked again later");
        }
        return etag;
    }

    const CalendarRef calendar_;
    const HttpOptions options_;
};

}  // namespace

std::optional<std::string> resource_name(std::string_view uid) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    if (uid.empty()) return std::nullopt;
    std::string name;
    for (size_t i = 0; i < uid.size() && name.size() <= longest_name; ++i) {
        // A dot at the beginning hides a file, or climbs out of its folder.
        if (is_plain(uid[i]) || (uid[i] == '.' && i > 0)) {
            name += uid[i];
        } else {
            const auto byte = static_cast<unsigned char>(uid[i]);
            name += {'=', digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    name += ".ics";
    if (name.size() > longest_name) return std::nullopt;
    return name;
}

bool has_dav_class(std::string_view classes, std::string_view wanted) {
    while (!classes.empty()) {
        const size_t comma = std::min(classes.find(','), classes.size());
        if (equal_ignoring_case(trimmed(classes.substr(0, comma)), wanted)) return true;
        classes.remove_prefix(std::min(comma + 1, classes.size()));
    }
    return false;
}

std::unique_ptr<EventCalendar> make_event_calendar(CalendarRef calendar, HttpOptions options) {
    return std::make_unique<CalDavEventCalendar>(std::move(calendar), with_ca_file(std::move(options)));
}

}  // namespace watchbill
