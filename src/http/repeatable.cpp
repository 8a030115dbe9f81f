#include "http/repeatable.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>

#include "http/json_message.h"
#include "http/problem.h"
#include "service/idempotency.h"
#include "service/incident_orders.h"
#include "watchbill/call_deadline.h"

namespace watchbill::http {

namespace {

std::string name_of(const Request& request, const std::string& key) {
    return kept_answer_name(request.method(), request.target().substr(0, request.target().find('?')), key);
}

KeptAnswer kept_of(const std::string& name, const std::string& digest, std::string incident,
                   const Response& response) {
    Json headers = Json::array();
    for (const auto& field : response.headers()) headers.push_back({field.first, field.second});
    const Json head{{"status", response.status}, {"headers", std::move(headers)}};
    return {name, digest, std::move(incident), response.body(), json_text(head)};
}

// Names of requests that are being answered.
class UnderWay {
public:
    // False when another one with that name is not through by then.
    bool enter(const std::string& name, CallDeadline::Time until) {
        std::unique_lock lock(mutex_);
        if (!left_.wait_until(lock, until, [&] { return !names_.contains(name); })) return false;
        names_.insert(name);
        return true;
    }
    void leave(const std::string& name) {
        {
            const std::lock_guard lock(mutex_);
            names_.erase(name);
        }
        left_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable left_;
    std::set<std::string> names_;
};

Response answer_once(const Backend& backend, UnderWay& under_way, const Handler& handler,
                     const Request& request, const PathValues& path) {
    const auto key = request.header("Idempotency-Key");
    if (!key) return handler(request, path);
    if (const auto judged = accept_key(*key); !judged) return problem(judged.error());
    const std::string team = path.has("team") ? path.get<std::string>("team") : "";
    const std::string name = name_of(request, *key);
    const std::string digest = body_digest(request.body());

    constexpr std::chrono::seconds patience{5};
    const auto usual = std::chrono::steady_clock::now() + patience;
    if (!under_way.enter(team + ' ' + name, CallDeadline::current().value_or(usual)))
        return problem_for(std::chrono::seconds(1), 409,
                           "The same request is still being answered: send it again in a moment.");
    const auto leave = [&](const void*) { under_way.leave(team + ' ' + name); };
    const std::unique_ptr<const void, decltype(leave)> left(&name, leave);

    const auto kept = backend.store->kept_answer(team, name);
    if (!kept) return problem(kept.error());
    if (*kept) {
        if ((*kept)->body_digest == digest) return kept_response(**kept);
        return problem(
            422, "key_reused",
            "This Idempotency-Key came with another body before: use a new key for another change.");
    }
    Response response = handler(request, path);
    if (response.status < 200 || response.status >= 300) return response;
    // What was done stays done where its answer cannot be kept, or was kept with it.
    const auto kept_with_it = backend.store->kept_answer(team, name);
    if (kept_with_it && !*kept_with_it) {
        [[maybe_unused]] const auto done =
            backend.store->keep_answer(team, kept_of(name, digest, "", response), backend.clock->now());
    }
    return response;
}

}  // namespace

Response kept_response(const KeptAnswer& kept) {
    const Json head = Json::parse(kept.head);
    Response response;
    response.status = head.at("status").get<int>();
    for (const Json& field : head.at("headers"))
        response.add_header(field.at(0).get<std::string>(), field.at(1).get<std::string>());
    response.set_body(kept.answer);
    return response;
}

KeyedChange keyed_change(const Request& request, std::function<Response(const IncidentWrite&)> answer) {
    const auto key = request.header("Idempotency-Key");
    if (!key || key->empty()) return {};
    KeyedChange keyed{name_of(request, *key), body_digest(request.body())};
    keyed.answer = [name = keyed.key, digest = keyed.body_digest,
                    answer = std::move(answer)](const IncidentWrite& write) {
        return kept_of(name, digest, write.incident.id, answer(write));
    };
    return keyed;
}

Handler repeatable(const Backend& backend, Handler handler) {
    return [backend, handler = std::move(handler), under_way = std::make_shared<UnderWay>()](
               const Request& request, const PathValues& path) {
        return answer_once(backend, *under_way, handler, request, path);
    };
}

}  // namespace watchbill::http
