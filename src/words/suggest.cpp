#include "words/suggest.h"

#include <algorithm>
#include <array>

#include "words/letter_case.h"

namespace watchbill {

namespace {

// Longer words are not typed by hand, and the distance costs their product.
constexpr size_t longest_word = 100;

// A third of the letters may be wrong: more, and unrelated words are offered.
size_t tolerance(std::string_view word) { return std::clamp<size_t>(word.size() / 3, 1, 4); }

// "zone" for "time_zone", "password" for "password_file".
bool is_part_of(std::string_view word, std::string_view known) {
    constexpr size_t shortest_part = 3;
    const auto contains = [](const std::string& whole, const std::string& part) {
        return part.size() >= shortest_part && whole.find(part) != std::string::npos;
    };
    return contains(lower_case(known), lower_case(word)) || contains(lower_case(word), lower_case(known));
}

// Where most teams are, one zone an offset and region at least. Others are found too when spelled right.
constexpr std::array common_zones = {
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Brussels",
    "Europe/Amsterdam",
    "Europe/Luxembourg",
    "Europe/Berlin",
    "Europe/Zurich",
    "Europe/Vienna",
    "Europe/Rome",
    "Europe/Prague",
    "Europe/Warsaw",
    "Europe/Budapest",
    "Europe/Belgrade",
    "Europe/Copenhagen",
    "Europe/Oslo",
    "Europe/Stockholm",
    "Europe/Helsinki",
    "Europe/Tallinn",
    "Europe/Riga",
    "Europe/Vilnius",
    "Europe/Athens",
    "Europe/Sofia",
    "Europe/Bucharest",
    "Europe/Kyiv",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Africa/Casablanca",
    "Africa/Algiers",
    "Africa/Tunis",
    "Africa/Cairo",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "America/St_Johns",
    "America/Halifax",
    "America/Montreal",
    "America/Toronto",
    "America/New_York",
    "America/Detroit",
    "America/Chicago",
    "America/Winnipeg",
    "America/Denver",
    "America/Phoenix",
    "America/Edmonton",
    "America/Los_Angeles",
    "America/Vancouver",
    "America/Anchorage",
    "America/Mexico_City",
    "America/Bogota",
    "America/Lima",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Pacific/Honolulu",
    "Asia/Jerusalem",
    "Asia/Dubai",
    "Asia/Tehran",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Ho_Chi_Minh",
    "Asia/Jakarta",
    "Asia/Singapore",
    "Asia/Manila",
    "Asia/Hong_Kong",
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Australia/Melbourne",
    "Pacific/Auckland",
};

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b) {
    // Three rows of the usual table: a swap of neighbours looks two rows back.
    std::vector<size_t> before(b.size() + 1);
    std::vector<size_t> last(b.size() + 1);
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        before.swap(last);
        last.swap(row);
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower_case(a[i - 1]) == lower_case(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && lower_case(a[i - 1]) == lower_case(b[j - 2]) &&
                                 lower_case(a[i - 2]) == lower_case(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
    if (word.empty() || word.size() > longest_word) return std::nullopt;
    const std::string* best = nullptr;
    size_t best_distance = tolerance(word) + 1;
    for (const std::string& candidate : known) {
        if (candidate.size() > longest_word) continue;
        const size_t distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best = &candidate;
            best_distance = distance;
        }
    }
    if (best != nullptr) return *best;
    const auto part =
        std::find_if(known.begin(), known.end(), [&](const auto& other) { return is_part_of(word, other); });
    return part == known.end() ? std::nullopt : std::optional(*part);
}

std::optional<std::string> nearest_zone(std::string_view word) {
    std::vector<std::string> zones(common_zones.begin(), common_zones.end());
    if (auto zone = nearest(word, zones)) return zone;
    std::vector<std::string> cities;
    cities.reserve(zones.size());
    for (const std::string& zone : zones) cities.push_back(zone.substr(zone.rfind('/') + 1));
    std::string city(word.substr(word.rfind('/') + 1));
    std::replace(city.begin(), city.end(), ' ', '_');
    const auto found = nearest(city, cities);
    if (!found) return std::nullopt;
    const auto index = std::find(cities.begin(), cities.end(), *found) - cities.begin();
    return zones[static_cast<size_t>(index)];
}

std::optional<std::string> nearest_email(std::string_view email, const std::vector<std::string>& known) {
    const auto name_of = [](std::string_view address) { return address.substr(0, address.rfind('@')); };
    const auto domain_of = [](std::string_view address) { return address.substr(address.rfind('@') + 1); };
    std::vector<std::string> names;
    std::vector<std::string> domains;
    for (const std::string& address : known) {
        if (domain_of(address) == domain_of(email)) names.emplace_back(name_of(address));
        if (name_of(address) == name_of(email)) domains.emplace_back(domain_of(address));
    }
    if (const auto name = nearest(name_of(email), names)) return *name + '@' + std::string(domain_of(email));
    if (const auto domain = nearest(domain_of(email), domains))
        return std::string(name_of(email)) + '@' + *domain;
    return std::nullopt;
}

std::string did_you_mean(const std::optional<std::string>& word) {
    return word ? ", did you mean \"" + *word + "\"?" : "";
}

}  // namespace watchbill
