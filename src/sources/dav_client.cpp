#include "sources/dav_client.h"

#include <utility>

#include "sources/credentials.h"

namespace watchbill::dav {

namespace {

constexpr const char* xml_type = "Content-Type: application/xml; charset=utf-8";

HttpCall xml_call(std::string method, std::string body, std::string_view depth) {
    HttpCall call;
    call.method = std::move(method);
    call.headers = {xml_type, "Accept: application/xml, text/xml", "Depth: " + std::string(depth)};
    call.body = std::move(body);
    return call;
}

Result<Multistatus> multistatus_of(Result<HttpAnswer> answer) {
    if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
    if (answer->status == 207) return parse_multistatus(std::move(answer->bytes));
    const bool knows_no_dav = answer->status < 300 || answer->status == 303 || answer->status == 400 ||
                              answer->status == 405 || answer->status == 415 || answer->status == 501;
    if (!knows_no_dav) return status_error(*answer);
    return fail(ErrorCode::refused, "the server answered " + std::to_string(answer->status) +
                                        " and speaks no CalDAV at this address: check it, or leave out the "
                                        "type \"caldav\" if it is that of an .ics file");
}

}  // namespace

Result<Client> Client::open(const CalendarRef& calendar, const HttpOptions& options) {
    std::optional<Url> url = Url::parse(calendar.location);
    if (!url) {
        return fail(ErrorCode::refused,
                    "its address is no http or https address: copy it again from the calendar's settings");
    }
    Result<Credentials> credentials = credentials_of(calendar, *url);
    if (!credentials) return tl::unexpected<Error>(std::move(credentials.error()));
    return Client(options, {std::move(*url), std::move(*credentials)});
}

Result<HttpAnswer> Client::send(HttpPlace& place, HttpCall call) {
    call.max_bytes = std::min(max_dav_bytes, bytes_left_);
    call.max_refusal_bytes = max_refusal_bytes;
    Result<HttpAnswer> answer = session_.send(place, call);
    if (answer) bytes_left_ -= std::min(bytes_left_, answer->bytes.size());
    return answer;
}

Result<Multistatus> Client::propfind(std::string body, std::string_view depth) {
    return multistatus_of(send(place_, xml_call("PROPFIND", std::move(body), depth)));
}

Result<HttpAnswer> Client::report(std::string body, std::string_view depth) {
    return send(place_, xml_call("REPORT", std::move(body), depth));
}

Result<HttpAnswer> Client::options() {
    HttpCall call;
    call.method = "OPTIONS";
    return send(place_, std::move(call));
}

Result<Multistatus> Client::propfind_at(const std::string& href, std::string body) {
    return multistatus_of(send_to(href, xml_call("PROPFIND", std::move(body), "0")));
}

Result<HttpAnswer> Client::send_to(const std::string& href, HttpCall call) {
    Result<Url> url = resolve(href);
    if (!url) return tl::unexpected<Error>(std::move(url.error()));
    HttpPlace place{std::move(*url), place_.credentials};
    return send(place, std::move(call));
}

Result<Url> Client::resolve(const std::string& href) const {
    std::optional<Url> url = href.empty() ? std::nullopt : Url::resolve(place_.url, href);
    if (!url) {
        return fail(ErrorCode::refused,
                    "the server names an event by something that is no web address: tell its administrator");
    }
    if (!same_origin(*url, place_.url)) {
        return fail(ErrorCode::refused, "the server names an event on another server (" + url->host + ":" +
                                            url->port +
                                            "), which is not asked: check the calendar's address");
    }
    return std::move(*url);
}

Result<std::string> Client::path_of(const std::string& href) const {
    const Result<Url> url = resolve(href);
    if (!url) return tl::unexpected<Error>(url.error());
    const size_t path = url->text.find('/', url->text.find("://") + 3);
    return path == std::string::npos ? "/" : url->text.substr(path);
}

std::string Client::member(std::string_view name) const {
    std::string href = place_.url.text.substr(0, place_.url.text.find('?'));
    if (!href.ends_with('/')) href += '/';
    href += name;
    return href;
}

}  // namespace watchbill::dav
