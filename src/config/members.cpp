#include "config/members.h"

#include <set>

#include "config/values.h"
#include "words/suggest.h"

namespace watchbill {

namespace {

void read_calendars(TableReader& table, CalendarParser& calendars, Member& member, TeamFile& file) {
    const toml::array* list = table.list("calendars", "paths, URLs or tables");
    if (list == nullptr || list->empty()) {
        // What is no list is a problem of its own.
        if (list != nullptr || !table.has("calendars"))
            file.without_calendar.push_back({member.name, member.id, table.place()});
        return;
    }
    std::set<CalendarRef> seen;
    for (size_t i = 0; i < list->size(); ++i) {
        const std::string whose = member.id.email() + " calendar " + std::to_string(i + 1);
        auto calendar = calendars.parse((*list)[i], whose);
        if (!calendar) continue;
        CalendarRef without_label = calendar->value;
        without_label.label.clear();
        if (!seen.insert(without_label).second) {
            table.log().error(calendar->place, "this calendar is listed twice");
            continue;
        }
        file.calendars.push_back({calendar->value, member.zone, calendar->place, file.team.name, member.id});
        member.calendars.push_back(std::move(calendar->value));
    }
}

// Nothing when the member has no usable address.
std::optional<Located<MemberId>> read_email(TableReader& table) {
    if (!table.require("email", "the address that identifies the member")) return std::nullopt;
    const auto text = table.text("email", "an e-mail address");
    if (!text) return std::nullopt;
    const auto id = parse_email(*text, table.log());
    if (!id) return std::nullopt;
    return Located<MemberId>{*id, text->place};
}

void read_aliases(TableReader& table, MemberDirectory& directory, Member& member) {
    const auto aliases = table.texts("aliases", "e-mail addresses");
    if (!aliases) return;
    for (const Text& text : *aliases) {
        const auto alias = parse_email(text, table.log());
        if (!alias || member.id.empty()) continue;
        if (directory.add(*alias, member.id, text.place, table.log())) member.aliases.push_back(*alias);
    }
}

// The member whose address is `id`; empty where that is unusable, then only for its other problems.
Member read_member(TableReader& table, const MemberId& id, CalendarParser& calendars,
                   MemberDirectory& directory, TeamFile& file) {
    ProblemLog& log = table.log();
    Member member;
    member.id = id;
    const auto name = table.text("name");
    member.name = name ? name->value : member.id.email();
    member.zone = file.team.zone;
    if (const auto text = table.text("time_zone", "a time zone such as \"Europe/Paris\""))
        member.zone = parse_zone(*text, log).value_or(file.team.zone);
    if (const auto site = table.text("site")) member.site = site->value;
    if (const auto number = table.number("weight")) member.weight = parse_weight(*number, log).value_or(1000);
    if (const auto skills = table.texts("skills", "strings")) {
        for (const Text& skill : *skills) member.skills.push_back(skill.value);
    }
    read_aliases(table, directory, member);
    read_calendars(table, calendars, member, file);
    table.report_unknown_keys();
    return member;
}

}  // namespace

bool MemberDirectory::add(const MemberId& address, const MemberId& member, const FilePlace& place,
                          ProblemLog& log) {
    const auto [entry, is_new] = entries_.try_emplace(address, Entry{member, place});
    if (is_new) return true;
    const FilePlace& first = entry->second.place;
    log.error(place, in_quotes(address.email()) + " is already a member's address, at line " +
                         std::to_string(first.line));
    return false;
}

std::vector<MemberId> MemberDirectory::resolve(const std::vector<Text>& list, std::string_view list_name,
                                               ProblemLog& log) const {
    std::vector<std::string> known;
    if (log.wants_suggestions()) {
        for (const auto& [address, entry] : entries_) known.push_back(address.email());
    }
    std::vector<MemberId> members;
    std::set<MemberId> seen;
    for (const Text& text : list) {
        const auto id = parse_email(text, log);
        if (!id) continue;
        const auto entry = entries_.find(*id);
        if (entry == entries_.end()) {
            const auto near = log.wants_suggestions() ? nearest_email(id->email(), known) : std::nullopt;
            log.error(text.place, in_quotes(id->email()) + " is no member of this team" +
                                      (near ? did_you_mean(near) : "; add a [[member]] with this email"));
        } else if (!seen.insert(entry->second.member).second) {
            log.error(text.place, in_quotes(id->email()) + " is listed twice in " + in_quotes(list_name));
        } else {
            members.push_back(entry->second.member);
        }
    }
    return members;
}

MemberDirectory read_members(std::vector<TableReader> tables, CalendarParser& calendars, TeamFile& file) {
    MemberDirectory directory;
    // Identities before aliases: of the two, it is the alias that is wrong.
    std::vector<MemberId> ids;
    ids.reserve(tables.size());
    for (TableReader& table : tables) {
        const auto email = read_email(table);
        if (email) directory.add(email->value, email->value, email->place, table.log());
        ids.push_back(email ? email->value : MemberId());
    }
    for (size_t i = 0; i < tables.size(); ++i)
        file.team.members.push_back(read_member(tables[i], ids[i], calendars, directory, file));
    return directory;
}

}  // namespace watchbill
