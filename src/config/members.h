// [[member]] tables -> members, and the directory that rosters are looked up in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/locations.h"
#include "config/table_reader.h"
#include "config/team_config.h"

namespace watchbill {

// Who belongs to the team, by every address of theirs.
class MemberDirectory {
public:
    // False when the address is taken; it is then noted where it was written first.
    bool add(const MemberId& address, const MemberId& member, const FilePlace& place, ProblemLog& log);

    // The members that a list names, by identity or alias. Strangers and those named twice are noted and left
    // out.
    std::vector<MemberId> resolve(const std::vector<Text>& list, std::string_view list_name,
                                  ProblemLog& log) const;

private:
    struct Entry {
        MemberId member;
        FilePlace place;
    };
    std::map<MemberId, Entry> entries_;
};

MemberDirectory read_members(std::vector<TableReader> tables, CalendarParser& calendars, TeamFile& file);

}  // namespace watchbill
