#include <memory>

#include "http/json_message.h"
#include "http/problem.h"
#include "http/repeatable.h"
#include "http/routes.h"
#include "json/nullable_json.h"
#include "words/letter_case.h"

namespace watchbill::http {

namespace {

constexpr size_t longest_mail = size_t{1} * 1024 * 1024;

// Hooks that know no better say nothing, or that it is bytes.
bool is_mail_type(const std::string& content_type) {
    std::string type = lower_case(content_type.substr(0, content_type.find(';')));
    std::erase(type, ' ');
    return type.empty() || type == "message/rfc822" || type == "application/octet-stream";
}

// Not the sender's fault, whatever it is: a gateway must not return the mail.
Response offer_again(const Error& error) {
    Response response = problem(error);
    if (response.status < 500) response = problem(503, error.message);
    if (!response.has_header("Retry-After")) response.add_header("Retry-After", "5");
    return response;
}

Response take_mail(const ReplyDesk& replies, const Request& request) {
    if (!is_mail_type(request.header("Content-Type").value_or("")))
        return problem(415, "The body must be one mail as it came, sent as message/rfc822.");
    const auto outcome = replies.receive(request.body());
    if (!outcome) return offer_again(outcome.error());
    const ReplyVerdict& verdict = outcome->verdict;
    if (outcome->fate == MailFate::refused)
        return problem(422, verdict.code, "This mail is no answer that counts: " + verdict.message + ".");
    return json_response(200, {{"result", outcome->fate == MailFate::taken ? "taken" : "ignored"},
                               {"applied", verdict.applied},
                               {"code", verdict.code},
                               {"message", verdict.message},
                               {"team", text_or_null(verdict.team)},
                               {"about", text_or_null(verdict.about)}});
}

}  // namespace

void add_mail_routes(Router& router, const Backend& backend, const Rate& rate) {
    const auto limit = std::make_shared<RateLimit>(rate);
    const Handler take =
        repeatable(backend, [replies = backend.replies](const Request& request, const PathValues&) {
            return take_mail(*replies, request);
        });
    router.add(
        "POST", "/api/v1/mail", ApiScope::mail,
        [take, limit](const Request& request, const PathValues& values) {
            const auto wait = limit->take(request.caller.who, request.arrived);
            if (!wait) return take(request, values);
            return problem_for(
                *wait, 503, "Too many mails came with this token. Sending this one again later will work.");
        },
        longest_mail);
}

}  // namespace watchbill::http
