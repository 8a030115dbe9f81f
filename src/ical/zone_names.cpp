#include "ical/zone_names.h"

#include <unicode/ucal.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>

#include "ical/values.h"
#include "words/letter_case.h"

namespace watchbill::ical {

namespace {

constexpr size_t longest_name = 128;  // bounds every lookup; the longest IANA name has 32 characters

// Case and "_" or blank do not tell zone names apart.
std::string folded(std::string_view name) {
    std::string key(name);
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char c) { return c == ' ' ? '_' : lower_case(c); });
    return key;
}

struct EnumerationCloser {
    void operator()(UEnumeration* enumeration) const { uenum_close(enumeration); }
};

// ICU lists every IANA name with its spelling; tzdata itself can only be asked for exact ones.
std::map<std::string, std::string, std::less<>> spellings_from_icu() {
    std::map<std::string, std::string, std::less<>> spellings;
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UEnumeration, EnumerationCloser> names(
        ucal_openTimeZoneIDEnumeration(UCAL_ZONE_TYPE_ANY, nullptr, nullptr, &error));
    if (U_FAILURE(error)) return spellings;
    int32_t size = 0;
    while (const char* name = uenum_next(names.get(), &size, &error)) {
        const std::string_view spelling(name, static_cast<size_t>(size));
        spellings.emplace(folded(spelling), spelling);
    }
    return spellings;
}

std::optional<Zone> find_iana(std::string_view name) {
    static const auto spellings = spellings_from_icu();
    const auto known = spellings.find(folded(name));
    return known == spellings.end() ? std::nullopt : Zone::find(known->second);
}

// A zone younger than ICU's list: "Europe/Kyiv". Asking tzdata for what it does not know is slow, so that
// names which cannot be such a zone are not asked for.
std::optional<Zone> find_young_iana(std::string_view name) {
    const size_t slash = name.find('/');
    return slash == 0 || slash == std::string_view::npos ? std::nullopt : Zone::find(name);
}

std::optional<Zone> find_windows(std::string_view name) {
    std::array<UChar, longest_name> wide{};
    std::array<UChar, longest_name> iana{};
    std::array<char, longest_name> narrow{};
    if (name.empty() || name.size() >= wide.size()) return std::nullopt;
    const bool is_ascii = std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!is_ascii) return std::nullopt;
    u_charsToUChars(name.data(), wide.data(), static_cast<int32_t>(name.size()));
    UErrorCode error = U_ZERO_ERROR;
    const int32_t size = ucal_getTimeZoneIDForWindowsID(wide.data(), static_cast<int32_t>(name.size()),
                                                        nullptr, iana.data(), int32_t{longest_name}, &error);
    if (U_FAILURE(error) || size <= 0) return std::nullopt;
    u_UCharsToChars(iana.data(), narrow.data(), size);
    return Zone::find(std::string_view(narrow.data(), static_cast<size_t>(size)));
}

// "Area/Location". The areas of tzdata's zones and of its older names; "Etc" is none.
bool is_region_name(std::string_view name) {
    constexpr std::array<std::string_view, 15> areas = {
        "africa", "america", "antarctica", "arctic", "asia",   "atlantic", "australia", "brazil",
        "canada", "chile",   "europe",     "indian", "mexico", "pacific",  "us"};
    const size_t slash = name.find('/');
    if (slash > longest_name) return false;  // as where there is none
    return std::find(areas.begin(), areas.end(), folded(name.substr(0, slash))) != areas.end();
}

// What `find` finds by the longest end of a name that a prefix makes unique.
template <typename Find>
std::optional<Zone> find_behind_prefix(std::string_view tzid, const Find& find) {
    for (size_t slash = tzid.find('/'); slash != std::string_view::npos; slash = tzid.find('/', slash + 1)) {
        if (const auto zone = find(tzid.substr(slash + 1))) return zone;
    }
    return std::nullopt;
}

bool has_prefix(std::string_view tzid) {
    return tzid.starts_with('/') || tzid.find("://") != std::string_view::npos;
}

}  // namespace

std::optional<Zone> find_region_zone(std::string_view tzid) {
    if (tzid.size() > longest_name) return std::nullopt;
    const auto find = [](std::string_view name) -> std::optional<Zone> {
        if (!is_region_name(name)) return std::nullopt;
        if (const auto zone = find_iana(name)) return zone;
        return find_young_iana(name);
    };
    return has_prefix(tzid) ? find_behind_prefix(tzid, find) : find(tzid);
}

std::optional<Zone> find_zone_by_name(std::string_view tzid) {
    if (tzid.size() > longest_name) return std::nullopt;
    if (const auto zone = find_iana(tzid)) return zone;
    if (const auto zone = find_windows(tzid)) return zone;
    return has_prefix(tzid) ? find_behind_prefix(tzid, find_iana) : find_young_iana(tzid);
}

std::optional<Duration> find_fixed_offset(std::string_view tzid) {
    if (tzid.size() < 5 ||
        (!equal_ignoring_case(tzid.substr(0, 3), "GMT") && !equal_ignoring_case(tzid.substr(0, 3), "UTC"))) {
        return std::nullopt;
    }
    std::string digits(tzid.substr(3));
    std::erase(digits, ':');
    if (digits.size() == 2) digits.insert(1, 1, '0');  // "+2"
    if (digits.size() == 3) digits += "00";            // "+02"
    return parse_utc_offset(digits);
}

}  // namespace watchbill::ical
