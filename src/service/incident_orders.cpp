#include "service/incident_orders.h"

#include <algorithm>

#include "service/people_text.h"
#include "words/plain_text.h"

namespace watchbill {

namespace {

constexpr size_t max_title_bytes = 200;  // fits into a notification and into a subject
constexpr size_t max_description_bytes = 8192;
constexpr size_t max_note_bytes = 8192;
constexpr size_t max_url_bytes = 1000;
constexpr size_t max_people = 50;  // more do not fit into one call that works
constexpr size_t max_key_bytes = 200;
constexpr Duration usual_duration = std::chrono::hours(1);
constexpr Duration longest_duration = std::chrono::days(31);
// What is opened late is told as it was; what is further ahead is no incident.
constexpr Duration furthest_back = std::chrono::days(31);
constexpr Duration furthest_ahead = std::chrono::days(366);

Refused refuse_input(std::string code, std::string sentence) {
    return refuse(std::move(code), ErrorCode::invalid_input, std::move(sentence));
}

ActionResult<Severity> accept_severity(const std::string& name) {
    if (const auto severity = severity_from_name(name)) return *severity;
    return refuse_input("unknown_severity",
                        "\"severity\" must be sev1, sev2, sev3 or sev4; sev1 is the one that wakes people.");
}

ActionResult<void> accept_start(Instant start, Instant now) {
    if (start >= now - furthest_back && start <= now + furthest_ahead) return {};
    return refuse_input("invalid_input", "\"start\" must lie within the last month or the coming year.");
}

ActionResult<void> accept_duration(Duration duration) {
    if (duration >= std::chrono::minutes(1) && duration <= longest_duration) return {};
    return refuse_input("invalid_input", "An incident must last from a minute to a month.");
}

ActionResult<void> accept_count(size_t count, const std::string& what) {
    if (count <= max_people) return {};
    return refuse_input("too_large",
                        "\"" + what + "\" may have " + std::to_string(max_people) + " items at most.");
}

ActionResult<std::string> accept_url(const std::string& text) {
    auto url = accept_text(text, {"the conference's URL", max_url_bytes, false, true});
    if (!url) return refuse(std::move(url.error()));
    // Left out, it would make another URL.
    if (const auto hidden = find_hidden_character(text)) {
        return refuse_input("invalid_input", "\"conference\" holds " + *hidden +
                                                 ", which cannot be seen: copy the URL again without it.");
    }
    const bool is_web = url->starts_with("https://") || url->starts_with("http://");
    if (!url->empty() &&
        (!is_web || has_blank(*url) || url->find_first_of("\"<>\\^`{|}") != std::string::npos)) {
        return refuse_input(
            "invalid_input",
            "\"conference\" must be a URL that begins with https:// or http://, without blanks.");
    }
    return std::move(*url);
}

std::string fill_template(std::string conference, const std::string& id) {
    constexpr std::string_view placeholder = "{incident}";
    for (size_t at = conference.find(placeholder); at != std::string::npos;
         at = conference.find(placeholder, at + id.size()))
        conference.replace(at, placeholder.size(), id);
    return conference;
}

}  // namespace

ActionResult<IncidentOpeningOrder> accept_order(const Team& team, const IncidentOrder& order, std::string id,
                                                Instant now) {
    IncidentOpeningOrder accepted;
    accepted.id = std::move(id);
    auto title = accept_text(order.title, {"the title", max_title_bytes, false, false});
    if (!title) return refuse(std::move(title.error()));
    accepted.title = std::move(*title);
    const auto severity = accept_severity(order.severity.empty() ? "sev3" : order.severity);
    if (!severity) return Refused(severity.error());
    accepted.severity = *severity;
    auto description = accept_text(order.description, {"the description", max_description_bytes, true, true});
    if (!description) return refuse(std::move(description.error()));
    accepted.description = std::move(*description);
    auto conference = accept_url(order.conference);
    if (!conference) return Refused(std::move(conference.error()));
    accepted.conference =
        conference->empty() ? fill_template(team.conference, accepted.id) : std::move(*conference);
    const Instant start = order.start.value_or(now);
    const Duration duration = order.duration.value_or(usual_duration);
    for (const auto& judged :
         {accept_start(start, now), accept_duration(duration), accept_count(order.needs.size(), "needs"),
          accept_count(order.experts.size(), "experts")}) {
        if (!judged) return Refused(judged.error());
    }
    accepted.when = {start, start + duration};
    accepted.roles = {order.needs, order.experts, std::nullopt, start};
    if (!order.reporter.empty()) {
        accepted.roles.reporter = MemberId::parse(order.reporter);
        if (find_hidden_character(order.reporter)) accepted.roles.reporter.reset();
        if (!accepted.roles.reporter)
            return refuse_input("invalid_input", "\"reporter\" must be an e-mail address.");
    }
    return accepted;
}

ActionResult<IncidentPatch> accept_patch(const IncidentPatchOrder& order, Instant now) {
    IncidentPatch patch;
    if (order.title) {
        auto title = accept_text(*order.title, {"the title", max_title_bytes, false, false});
        if (!title) return refuse(std::move(title.error()));
        patch.title = std::move(*title);
    }
    if (order.description) {
        auto text = accept_text(*order.description, {"the description", max_description_bytes, true, true});
        if (!text) return refuse(std::move(text.error()));
        patch.description = std::move(*text);
    }
    if (order.severity) {
        const auto severity = accept_severity(*order.severity);
        if (!severity) return Refused(severity.error());
        patch.severity = *severity;
    }
    for (const auto& instant : {order.start, order.end}) {
        if (!instant) continue;
        if (const auto judged = accept_start(*instant, now); !judged) return Refused(judged.error());
    }
    for (const auto& judged : {accept_count(order.add_experts.size(), "add_experts"),
                               accept_count(order.remove_experts.size(), "remove_experts"),
                               accept_count(order.needs ? order.needs->size() : 0, "needs")}) {
        if (!judged) return Refused(judged.error());
    }
    patch.start = order.start;
    patch.end = order.end;
    patch.commander = order.commander;
    patch.add_experts = order.add_experts;
    patch.remove_experts = order.remove_experts;
    patch.needs = order.needs;
    return patch;
}

ActionResult<std::string> accept_note(const std::string& text, bool may_be_empty) {
    auto accepted = accept_text(text, {"the note", max_note_bytes, true, may_be_empty});
    if (!accepted) return refuse(std::move(accepted.error()));
    return std::move(*accepted);
}

ActionResult<void> accept_key(const std::string& key) {
    const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (printable && !key.empty() && key.size() <= max_key_bytes) return {};
    return refuse_input("invalid_input", "\"Idempotency-Key\" must have 1 to " +
                                             std::to_string(max_key_bytes) + " printable ASCII characters.");
}

}  // namespace watchbill
