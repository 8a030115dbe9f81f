#include "http/mail_routes.h"

#include "http/json_message.h"
#include "http/problem.h"
#include "http/repeatable.h"

namespace watchbill::http {

namespace {

constexpr size_t longest_mail = size_t{1} * 1024 * 1024;

// Hooks that know no better say nothing, or that it is bytes.
bool is_mail_type(const std::string& content_type) {
    std::string type = content_type.substr(0, content_type.find(';'));
    std::erase(type, ' ');
    for (char& c : type) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return type.empty() || type == "message/rfc822" || type == "application/octet-stream";
}

Response take_mail(const ReplyDesk& replies, const Request& request) {
    if (!is_mail_type(request.headers.get("Content-Type").value_or("")))
        return problem(415, "The body must be one mail as it came, sent as message/rfc822.");
    const auto outcome = replies.receive(request.body);
    if (!outcome) return problem(outcome.error());
    const ReplyVerdict& verdict = outcome->verdict;
    if (outcome->fate == MailFate::refused)
        return problem(422, verdict.code, "This mail is no answer that counts: " + verdict.message + ".");
    return json_response(200, {{"result", outcome->fate == MailFate::taken ? "taken" : "ignored"},
                               {"applied", verdict.applied},
                               {"code", verdict.code},
                               {"message", verdict.message},
                               {"team", verdict.team.empty() ? Json() : Json(verdict.team)},
                               {"about", verdict.about.empty() ? Json() : Json(verdict.about)}});
}

}  // namespace

void add_mail_routes(Router& router, const Backend& backend) {
    const ReplyDesk& replies = *backend.replies;
    router.add("POST", "/api/v1/mail", ApiScope::mail,
               repeatable(backend, Handler([&replies](const Request& request, const PathValues&) {
                              return take_mail(replies, request);
                          })),
               longest_mail);
}

}  // namespace watchbill::http
