#include "sources/multistatus.h"

#include <algorithm>
#include <pugixml.hpp>
#include <utility>

#include "sources/limits.h"

namespace watchbill::dav {

namespace {

constexpr std::string_view dav_namespace = "DAV:";
constexpr std::string_view caldav_namespace = "urn:ietf:params:xml:ns:caldav";
constexpr std::string_view server_namespace = "http://calendarserver.org/ns/";

// Nobody declares more namespaces in one element.
constexpr int most_attributes_looked_at = 16;
// Of properties that are lists: reports, components, addresses.
constexpr int most_items = 100;
// A URL's bound (src/config), and that of ETags and tokens that servers make.
constexpr size_t longest_value = 8000;

tl::unexpected<Error> no_multistatus() {
    return fail(ErrorCode::refused,
                "the server's answer is not what CalDAV servers answer (no WebDAV multistatus): check that "
                "the address is that of a CalDAV calendar");
}

std::string_view prefix_of(std::string_view name) {
    const size_t colon = name.find(':');
    return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
}

std::string_view local_name(std::string_view name) {
    const size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// pugixml knows no namespaces (https://www.w3.org/TR/xml-names/ 3 and 6): the innermost declaration of the
// prefix counts.
std::string_view namespace_of(pugi::xml_node element) {
    const std::string_view prefix = prefix_of(element.name());
    int depth = 0;
    for (pugi::xml_node node = element; node && depth < max_xml_depth; node = node.parent(), ++depth) {
        int looked_at = 0;
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            if (++looked_at > most_attributes_looked_at) break;
            const std::string_view name = attribute.name();
            const bool declares =
                prefix.empty() ? name == "xmlns" : name.starts_with("xmlns:") && name.substr(6) == prefix;
            if (declares) return attribute.value();
        }
    }
    return {};
}

bool is(pugi::xml_node node, std::string_view space, std::string_view name) {
    return node.type() == pugi::node_element && local_name(node.name()) == name &&
           namespace_of(node) == space;
}

bool is_dav(pugi::xml_node node, std::string_view name) { return is(node, dav_namespace, name); }
bool is_caldav(pugi::xml_node node, std::string_view name) { return is(node, caldav_namespace, name); }

pugi::xml_node dav_child(pugi::xml_node parent, std::string_view name) {
    return parent.find_child([name](pugi::xml_node child) { return is_dav(child, name); });
}

// All text directly in it: CDATA sections may follow each other, or stand between other text.
std::string text_of(pugi::xml_node element) {
    std::string text;
    for (const pugi::xml_node& child : element.children()) {
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
    }
    return text;
}

// Without the blanks around it; "" where it is longer than anything that is meant.
std::string short_text_of(pugi::xml_node element) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::string text = text_of(element);
    const size_t first = text.find_first_not_of(blanks);
    if (first == std::string::npos) return "";
    const size_t length = text.find_last_not_of(blanks) + 1 - first;
    return length > longest_value ? "" : text.substr(first, length);
}

std::string href_in(pugi::xml_node property) { return short_text_of(dav_child(property, "href")); }

// "HTTP/1.1 404 Not Found"; 0 for anything else.
long status_in(pugi::xml_node parent) {
    const std::string line = short_text_of(dav_child(parent, "status"));
    const size_t blank = line.find(' ');
    if (!line.starts_with("HTTP/") || blank == std::string::npos || blank + 4 > line.size()) return 0;
    long status = 0;
    for (const char c : std::string_view(line).substr(blank + 1, 3)) {
        if (c < '0' || c > '9') return 0;
        status = status * 10 + (c - '0');
    }
    return status;
}

std::string upper_case(std::string_view text) {
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return upper;
}

// Calls `use` with the first children of a list.
template <typename Use>
void for_items(pugi::xml_node list, const Use& use) {
    int count = 0;
    for (const pugi::xml_node& item : list.children()) {
        if (++count > most_items) return;
        use(item);
    }
}

void read_resource_type(pugi::xml_node property, Resource& resource) {
    for_items(property, [&](pugi::xml_node type) {
        resource.is_collection |= is_dav(type, "collection");
        resource.is_calendar |= is_caldav(type, "calendar");
    });
}

void read_reports(pugi::xml_node property, Resource& resource) {
    for_items(property, [&](pugi::xml_node supported) {
        // Xandikos leaves the "report" between them out.
        const pugi::xml_node report = dav_child(supported, "report");
        resource.can_sync |= static_cast<bool>(dav_child(report ? report : supported, "sync-collection"));
    });
}

void read_components(pugi::xml_node property, Resource& resource) {
    resource.components.emplace();
    for_items(property, [&](pugi::xml_node component) {
        if (is_caldav(component, "comp"))
            resource.components->push_back(upper_case(component.attribute("name").value()));
    });
}

// RFC 3744 5.4: what we may do here. Making an event needs "bind", changing one "write-content"; "write" and
// "all" stand for both.
void read_privileges(pugi::xml_node property, Resource& resource) {
    bool may_bind = false;
    bool may_change = false;
    for_items(property, [&](pugi::xml_node privilege) {
        const bool both = dav_child(privilege, "write") || dav_child(privilege, "all");
        may_bind |= both || dav_child(privilege, "bind");
        may_change |= both || dav_child(privilege, "write-content");
    });
    resource.may_write = may_bind && may_change;
}

void read_addresses(pugi::xml_node property, Resource& resource) {
    for_items(property, [&](pugi::xml_node href) {
        if (!is_dav(href, "href")) return;
        std::string address = short_text_of(href);
        if (!address.empty()) resource.addresses.push_back(std::move(address));
    });
}

void read_caldav_property(pugi::xml_node property, std::string_view name, Resource& resource) {
    if (name == "calendar-data") {
        resource.calendar_data = text_of(property);
    } else if (name == "supported-calendar-component-set") {
        read_components(property, resource);
    } else if (name == "schedule-outbox-URL") {
        resource.outbox = href_in(property);
    } else if (name == "calendar-user-address-set") {
        read_addresses(property, resource);
    }
}

void read_property(pugi::xml_node property, Resource& resource) {
    const std::string_view name = local_name(property.name());
    const std::string_view space = namespace_of(property);
    if (space == caldav_namespace) return read_caldav_property(property, name, resource);
    if (space == server_namespace && name == "getctag") resource.ctag = short_text_of(property);
    if (space != dav_namespace) return;
    if (name == "getetag") {
        resource.etag = short_text_of(property);
    } else if (name == "sync-token") {
        resource.sync_token = short_text_of(property);
    } else if (name == "resourcetype") {
        read_resource_type(property, resource);
    } else if (name == "supported-report-set") {
        read_reports(property, resource);
    } else if (name == "current-user-principal") {
        resource.principal = href_in(property);
    } else if (name == "current-user-privilege-set") {
        read_privileges(property, resource);
    }
}

Resource read_response(pugi::xml_node response) {
    Resource resource;
    resource.href = href_in(response);
    resource.status = status_in(response);
    for (const pugi::xml_node& part : response.children()) {
        if (!is_dav(part, "propstat")) continue;
        const long status = status_in(part);
        const bool given = status == 0 || (status >= 200 && status < 300);
        if (!given) {
            resource.property_status = status;
            continue;
        }
        for (const pugi::xml_node& property : dav_child(part, "prop").children())
            if (property.type() == pugi::node_element) read_property(property, resource);
    }
    return resource;
}

std::vector<std::string> further_hrefs(pugi::xml_node response) {
    std::vector<std::string> hrefs;
    for (const pugi::xml_node& child : response.children())
        if (is_dav(child, "href")) hrefs.push_back(short_text_of(child));
    if (!hrefs.empty()) hrefs.erase(hrefs.begin());
    return hrefs;
}

Resource named(std::string href, long status) {
    Resource resource;
    resource.href = std::move(href);
    resource.status = status;
    return resource;
}

// The root element. `document` owns what it points to, and `bytes` the text.
Result<pugi::xml_node> parse(std::string& bytes, pugi::xml_document& document) {
    if (static_cast<size_t>(std::count(bytes.begin(), bytes.end(), '<')) > max_xml_tags) {
        return fail(ErrorCode::too_large,
                    "the server's answer holds more than " + std::to_string(max_xml_tags) +
                        " XML tags, which no calendar needs: publish fewer months, or split the calendar");
    }
    // Nothing is validated or expanded that is not needed; a DOCTYPE is kept so that it can be seen.
    constexpr unsigned int flags =
        pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_doctype;
    const pugi::xml_parse_result parsed = document.load_buffer_inplace(bytes.data(), bytes.size(), flags);
    if (!parsed) return no_multistatus();
    for (const pugi::xml_node& node : document.children()) {
        if (node.type() == pugi::node_doctype) {
            return fail(ErrorCode::refused,
                        "the server's answer has a DOCTYPE, which no CalDAV server writes: check the "
                        "calendar's address");
        }
    }
    return document.document_element();
}

}  // namespace

Result<Multistatus> parse_multistatus(std::string bytes) {
    pugi::xml_document document;
    const Result<pugi::xml_node> root = parse(bytes, document);
    if (!root) return tl::unexpected<Error>(root.error());
    if (!is_dav(*root, "multistatus")) return no_multistatus();
    Multistatus answer;
    for (const pugi::xml_node& child : root->children()) {
        if (is_dav(child, "sync-token")) answer.sync_token = short_text_of(child);
        if (!is_dav(child, "response")) continue;
        if (answer.resources.size() >= max_dav_resources) {
            return fail(ErrorCode::too_large, "the calendar has more than " +
                                                  std::to_string(max_dav_resources) +
                                                  " events: remove old ones, or split it");
        }
        answer.resources.push_back(read_response(child));
        // One status may be that of several resources (RFC 4918 14.24).
        for (const std::string& href : further_hrefs(child))
            answer.resources.push_back(named(href, answer.resources.back().status));
    }
    return answer;
}

bool names_precondition(std::string bytes, std::string_view name) {
    pugi::xml_document document;
    const Result<pugi::xml_node> root = parse(bytes, document);
    if (!root || !is_dav(*root, "error")) return false;
    const auto named = [name](pugi::xml_node child) { return is_dav(child, name) || is_caldav(child, name); };
    return static_cast<bool>(root->find_child(named));
}

}  // namespace watchbill::dav
