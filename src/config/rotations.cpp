#include "config/rotations.h"

#include <algorithm>
#include <map>

#include "config/values.h"
#include "words/suggest.h"

namespace watchbill {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

// Every rotation that a file names, also those with a bad name, so that one mistake is told once.
using NamePlaces = std::map<std::string, FilePlace>;

void read_name(TableReader& table, NamePlaces& names, Rotation& rotation) {
    ProblemLog& log = table.log();
    if (!table.require("name", "such as \"mro\"")) return;
    const auto text = table.text("name");
    if (!text) return;
    const auto [first, is_new] = names.try_emplace(text->value, text->place);
    if (!is_new) {
        log.error(text->place, "there is already a rotation " + in_quotes(text->value) + ", at line " +
                                   std::to_string(first->second.line));
        return;
    }
    rotation.name = parse_name(*text, "a rotation's name", log).value_or("");
}

void read_times(TableReader& table, Rotation& rotation) {
    ProblemLog& log = table.log();
    constexpr auto expected = "a time of day such as \"09:00\"";
    if (table.require("start", "such as \"09:00\"")) {
        if (const auto text = table.text("start", expected)) {
            const auto start = parse_clock(*text, log);
            if (start && *start >= hours(24)) {
                log.error(text->place, "\"start\" must be before \"24:00\"; midnight is \"00:00\"");
            }
            rotation.start = start.value_or(minutes(0));
        }
    }
    if (const auto text = table.text("end", expected)) rotation.end = parse_clock(*text, log);
}

void read_weekdays(TableReader& table, Rotation& rotation) {
    ProblemLog& log = table.log();
    const auto texts = table.texts("days", "days such as \"mon\"");
    if (!texts) {
        rotation.days.fill(true);
        return;
    }
    for (const Text& text : *texts) {
        const auto day = parse_weekday(text, log);
        if (!day) continue;
        if (rotation.days.at(*day))
            log.error(text.place, in_quotes(text.value) + " is listed twice in \"days\"");
        rotation.days.at(*day) = true;
    }
}

void read_balance(TableReader& table, Rotation& rotation) {
    ProblemLog& log = table.log();
    const auto texts = table.texts("balance", "classes of shifts such as \"weekend\"");
    if (!texts) return;
    rotation.balance.clear();
    for (const Text& text : *texts) {
        const auto shifts = shift_class_from_name(text.value);
        if (!shifts) {
            const std::vector<std::string> known{"weekend", "holiday", "night", "weekday"};
            const auto near = log.wants_suggestions() ? nearest(text.value, known) : std::nullopt;
            log.error(text.place,
                      in_quotes(text.value) + " is no class of shifts" +
                          (near ? did_you_mean(near) : "; write weekend, holiday, night or weekday"));
        } else if (rotation.balances(*shifts)) {
            log.error(text.place, in_quotes(text.value) + " is listed twice in \"balance\"");
        } else {
            rotation.balance.push_back(*shifts);
        }
    }
}

// Whether days follow each other, over the end of the week too: from one of them on there is no gap.
bool follow_each_other(const Weekdays& days) {
    int beginnings = 0;
    for (size_t day = 0; day < days.size(); ++day) beginnings += days[day] && !days[(day + 6) % 7] ? 1 : 0;
    return beginnings == 1;
}

// One list of days whose shifts go to one member. What it says wrong is told once, and it is left out then.
std::optional<Weekdays> read_days_together(const toml::array& list, const Rotation& rotation,
                                           ProblemLog& log) {
    Weekdays days{};
    size_t count = 0;
    for (const toml::node& node : list) {
        const auto text = as_text(node, "each day kept together", "a day such as \"sat\"", log);
        const auto day = text ? parse_weekday(*text, log) : std::nullopt;
        if (!day) return std::nullopt;
        const auto taken = [&](const Weekdays& other) { return other.at(*day); };
        if (days.at(*day) || std::any_of(rotation.together.begin(), rotation.together.end(), taken)) {
            log.error(text->place, in_quotes(text->value) + " is listed twice in \"together\"");
            return std::nullopt;
        }
        if (!rotation.days.at(*day)) {
            log.error(text->place, in_quotes(text->value) + " is not among the rotation's \"days\"");
            return std::nullopt;
        }
        days.at(*day) = true;
        ++count;
    }
    const FilePlace place = place_of(list, log);
    if (count < 2 || !follow_each_other(days)) {
        log.error(place,
                  "days kept together are at least two that follow each other, such as [\"sat\", \"sun\"]");
        return std::nullopt;
    }
    if (!days.at(0) && !days.at(6)) {
        log.error(place, "only days around a weekend can be kept together: name sat or sun among them");
        return std::nullopt;
    }
    return days;
}

void read_together(TableReader& table, Rotation& rotation) {
    ProblemLog& log = table.log();
    const toml::array* lists = table.list("together", "lists of days such as [\"sat\", \"sun\"]");
    if (lists == nullptr) return;
    for (const toml::node& node : *lists) {
        const toml::array* list = node.as_array();
        if (list == nullptr) {
            log.error(place_of(node, log),
                      "each of together must be a list of days such as [\"sat\", \"sun\"], not " +
                          std::string(type_in_words(node)));
            continue;
        }
        if (const auto days = read_days_together(*list, rotation, log)) rotation.together.push_back(*days);
    }
    if (!rotation.together.empty() && !rotation.balances(ShiftClass::weekend))
        log.error(table.place_of("together"),
                  "\"together\" gives whole weekends to one member, so \"balance\" has to name \"weekend\"");
}

void read_roster(TableReader& table, const MemberDirectory& directory, Rotation& rotation) {
    if (!table.require("members", "the roster in its order")) return;
    const auto texts = table.texts("members", "members' e-mail addresses");
    if (texts) rotation.members = directory.resolve(*texts, "members", table.log());
}

// Whether a list is empty as written; what was left out of it is a problem of its own.
void check_not_empty(TableReader& table, std::string_view key, std::string_view consequence) {
    if (!table.has(key) || !table.is_missing_or_empty(key)) return;
    table.log().error(table.place_of(key), in_quotes(key) + " is empty, so " + std::string(consequence));
}

void check_handovers(const std::vector<Text>& targets, const NamePlaces& names, ProblemLog& log) {
    std::vector<std::string> known;
    for (const auto& [name, place] : names) known.push_back(name);
    for (const Text& target : targets) {
        if (names.contains(target.value)) continue;
        if (target.value.find('@') != std::string::npos) {
            log.error(target.place, "\"hands_over_to\" names a rotation, and " + in_quotes(target.value) +
                                        " is a person: name the rotation that they serve in");
            continue;
        }
        const auto near = log.wants_suggestions() ? nearest(target.value, known) : std::nullopt;
        log.error(target.place, "there is no rotation " + in_quotes(target.value) + " to hand over to" +
                                    did_you_mean(near));
    }
}

Rotation read_rotation(TableReader& table, const MemberDirectory& directory, const ZoneName& team_zone,
                       NamePlaces& names, std::vector<Text>& handovers) {
    ProblemLog& log = table.log();
    Rotation rotation;
    read_name(table, names, rotation);
    const auto title = table.text("title");
    rotation.title = title ? title->value : rotation.name;
    rotation.zone = team_zone;
    if (const auto text = table.text("time_zone", "a time zone such as \"Europe/Paris\""))
        rotation.zone = parse_zone(*text, log).value_or(team_zone);
    read_times(table, rotation);
    read_weekdays(table, rotation);
    check_not_empty(table, "days", "the rotation has no shift");
    read_balance(table, rotation);
    read_together(table, rotation);
    read_roster(table, directory, rotation);
    check_not_empty(table, "members", "nobody can serve the rotation");
    if (const auto target = table.text("hands_over_to", "a rotation's name")) {
        rotation.hands_over_to = target->value;
        if (target->value == rotation.name) {
            log.error(target->place, "a rotation cannot hand over to itself; leave \"hands_over_to\" out");
        } else {
            handovers.push_back(*target);
        }
    }
    table.report_unknown_keys();
    return rotation;
}

}  // namespace

std::vector<FilePlace> read_rotations(std::vector<TableReader> tables, const MemberDirectory& directory,
                                      Team& team, ProblemLog& log) {
    NamePlaces names;
    std::vector<Text> handovers;
    std::vector<FilePlace> places;
    for (TableReader& table : tables) {
        places.push_back(table.place_of("name"));
        team.rotations.push_back(read_rotation(table, directory, team.zone, names, handovers));
    }
    check_handovers(handovers, names, log);
    return places;
}

}  // namespace watchbill
