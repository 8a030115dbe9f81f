// What a title says: which keywords and which members' names are in it. Immutable once filled; then
// thread-safe.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rotation/availability/keywords.h"
#include "watchbill/team.h"

namespace watchbill {

// A title in each spelling, whole and without members' names and numbers.
struct Title {
    struct Spelling {
        std::string whole;  // folded: " alice vacation 2026 "
        std::string bare;   // " vacation "
    };
    std::vector<Spelling> spellings;
    bool names_owner = false;
    bool names_other = false;
    // Each name in it that is not the owner's: the members who have it, more than one for "Alex" where there
    // are two.
    std::set<std::set<MemberId>> named;
};

// Keywords of one meaning.
class KeywordList {
public:
    void add(std::span<const KeywordRow> rows);
    void add(std::string_view phrase, Place place, AbsenceKind kind);

    struct Keyword {
        std::string phrase;  // folded
        Place place;
        AbsenceKind kind;
    };
    // The longest keyword in the title, of equals the one added first; null when there is none. Words that a
    // longer phrase of Place::never takes are none.
    const Keyword* find(const Title& title) const;

private:
    const Keyword* longest_at(std::string_view words, const Title::Spelling& title) const;

    std::map<std::string, std::vector<Keyword>, std::less<>> by_first_word_;
};

// Members' full names ("Alice Martin", "Martin Alice"), first names and addresses. A first name that is also
// an ordinary word of such titles ("May", "Will") does not count on its own.
class NameList {
public:
    explicit NameList(const std::vector<Member>& members);

    // Where a name fits several members ("Alex") and the owner is one of them, the owner is meant. `owner`
    // need not be one of the list's members; without an id nobody is named.
    Title read(std::string_view title, const Member& owner) const;

private:
    struct Name {
        std::string phrase;          // folded
        std::set<MemberId> bearers;  // members' identities
    };
    void add_member(const Member& member);
    void add_name(std::string_view name, const MemberId& bearer);
    const Name* longest_at(std::string_view words) const;

    std::map<std::string, std::vector<Name>, std::less<>> by_first_word_;
};

}  // namespace watchbill
