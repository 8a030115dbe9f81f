#include "sources/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace watchbill {

namespace {

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};
using UrlHandle = std::unique_ptr<CURLU, FreeUrl>;

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

// A missing part is "", which is told from a malformed one.
std::optional<std::string> part(CURLU* url, CURLUPart which, unsigned int flags = 0) {
    char* text = nullptr;
    const CURLUcode code = curl_url_get(url, which, &text, flags);
    const std::unique_ptr<char, FreeText> owned(text);
    if (code == CURLUE_NO_USER || code == CURLUE_NO_PASSWORD) return "";
    if (code != CURLUE_OK || text == nullptr) return std::nullopt;
    return std::string(text);
}

// "webcal" is how calendar applications say "subscribe to this"; the bytes come by HTTP.
std::string with_http_scheme(std::string_view text) {
    const size_t colon = text.find("://");
    if (colon == std::string_view::npos) return std::string(text);
    const std::string scheme = lower_case(text.substr(0, colon));
    if (scheme != "webcal" && scheme != "webcals") return std::string(text);
    return "https" + std::string(text.substr(colon));
}

bool set_url(CURLU* url, std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return false;
    return curl_url_set(url, CURLUPART_URL, with_http_scheme(text).c_str(), 0) == CURLUE_OK;
}

std::optional<Url> take_apart(CURLU* handle) {
    const auto scheme = part(handle, CURLUPART_SCHEME);
    const auto host = part(handle, CURLUPART_HOST);
    const auto port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    const auto user = part(handle, CURLUPART_USER, CURLU_URLDECODE);
    const auto password = part(handle, CURLUPART_PASSWORD, CURLU_URLDECODE);
    if (!scheme || !host || !port || !user || !password) return std::nullopt;

    Url url{"", lower_case(*scheme), lower_case(*host), *port, {*user, *password, ""}};
    if ((url.scheme != "http" && url.scheme != "https") || url.host.empty()) return std::nullopt;
    for (const CURLUPart removed :
         {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_FRAGMENT}) {
        if (curl_url_set(handle, removed, nullptr, 0) != CURLUE_OK) return std::nullopt;
    }
    const auto bare = part(handle, CURLUPART_URL);
    if (!bare) return std::nullopt;
    url.text = *bare;
    return url;
}

}  // namespace

std::optional<Url> Url::parse(std::string_view text) {
    const UrlHandle handle(curl_url());
    if (handle == nullptr || !set_url(handle.get(), text)) return std::nullopt;
    return take_apart(handle.get());
}

std::optional<Url> Url::resolve(const Url& base, std::string_view reference) {
    const UrlHandle handle(curl_url());
    if (handle == nullptr || !set_url(handle.get(), base.text)) return std::nullopt;
    if (!set_url(handle.get(), reference)) return std::nullopt;  // on top of the base: resolves
    return take_apart(handle.get());
}

bool may_follow(const Url& from, const Url& to) {
    if (from.is_https()) return to.is_https();
    return from.host == to.host && (to.is_https() || from.port == to.port);
}

bool same_origin(const Url& a, const Url& b) {
    return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

bool same_audience(const Url& from, const Url& to) {
    if (from.host != to.host) return false;
    return from.scheme == to.scheme ? from.port == to.port : to.is_https();
}

}  // namespace watchbill
