#include "sources/dav_requests.h"

#include <algorithm>

#include "time/format.h"

namespace watchbill::dav {

namespace {

constexpr std::string_view declaration = R"(<?xml version="1.0" encoding="utf-8"?>)";
constexpr std::string_view namespaces =
    R"( xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/")";
// calendar-data without anything in it: whole, as it was stored.
constexpr std::string_view contents = "<prop><getetag/><C:calendar-data/></prop>";

std::string document(std::string_view name, std::string_view inside) {
    std::string text(declaration);
    text += '<';
    text += name;
    text += namespaces;
    text += '>';
    text += inside;
    text += "</";
    text += name;
    text += '>';
    return text;
}

std::string query(std::string_view component, std::string_view range) {
    std::string inside(contents);
    inside += R"(<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name=")";
    inside += escaped(component);
    inside += "\">";
    inside += range;
    inside += "</C:comp-filter></C:comp-filter></C:filter>";
    return document("C:calendar-query", inside);
}

// RFC 5545 3.3.5 form 2: "20260301T080000Z".
std::string in_basic_form(Instant instant) {
    std::string text = format_instant(instant);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            case '\t':
            case '\n':
            case '\r': result += ' '; break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20) result += c;
        }
    }
    return result;
}

std::string collection_properties() {
    return document("propfind",
                    "<prop><resourcetype/><supported-report-set/><sync-token/><S:getctag/>"
                    "<C:supported-calendar-component-set/><current-user-principal/>"
                    "<current-user-privilege-set/></prop>");
}

std::string principal_properties() {
    return document("propfind", "<prop><C:schedule-outbox-URL/><C:calendar-user-address-set/></prop>");
}

std::string etag_property() { return document("propfind", "<prop><getetag/></prop>"); }

std::string calendar_query(std::string_view component) { return query(component, ""); }

std::string calendar_query(std::string_view component, Interval span) {
    return query(component, R"(<C:time-range start=")" + in_basic_form(span.start) + R"(" end=")" +
                                in_basic_form(span.end) + R"("/>)");
}

std::string calendar_query(std::string_view component, std::string_view property) {
    return query(component, "<C:prop-filter name=\"" + escaped(property) + "\"/>");
}

std::string calendar_multiget(const std::vector<std::string>& hrefs) {
    std::string inside(contents);
    for (const std::string& href : hrefs) inside += "<href>" + escaped(href) + "</href>";
    return document("C:calendar-multiget", inside);
}

std::string sync_collection(std::string_view token) {
    std::string inside = "<sync-token>" + escaped(token) + "</sync-token><sync-level>1</sync-level>";
    inside += contents;
    return document("sync-collection", inside);
}

}  // namespace watchbill::dav
