#include "rotation/availability/title_index.h"

#include <algorithm>
#include <array>

#include "rotation/availability/title_words.h"

namespace watchbill {

namespace {

// The word that starts a folded text's rest: "alice" of " alice vacation ".
std::string_view first_word(std::string_view words) { return words.substr(1, words.find(' ', 1) - 1); }

// Calls `visit(rest)` for the text from each of its words on: " a b ", then " b ".
template <typename Visit>
void for_each_word(std::string_view folded, Visit visit) {
    for (size_t at = 0; at + 1 < folded.size(); at = folded.find(' ', at + 1)) visit(folded.substr(at));
}

bool is_empty(std::string_view folded) { return folded.size() <= 1; }

bool is_number(std::string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool fits(Place place, std::string_view phrase, const Title::Spelling& title) {
    switch (place) {
        case Place::anywhere:
        case Place::never: return true;
        case Place::whole_title: return title.bare == phrase;
        case Place::beside_mro: return title.whole.find(" mro ") != std::string::npos;
    }
    return false;
}

// "April vacation", "Will be out of office", "Vacances de Noël": months, auxiliaries, short words and
// holidays that are somebody's first name somewhere, folded.
constexpr std::array<std::string_view, 24> ordinary_words = {
    " al ", " an ",      " april ", " august ", " avril ", " da ",   " de ",        " di ",
    " do ", " domingo ", " du ",    " in ",     " juin ",  " juli ", " june ",      " juni ",
    " la ", " le ",      " mai ",   " may ",    " noel ",  " on ",   " toussaint ", " will "};

bool is_ordinary_word(std::string_view folded) {
    // One letter is an initial, not a name.
    return folded.size() <= 3 ||
           std::find(ordinary_words.begin(), ordinary_words.end(), folded) != ordinary_words.end();
}

// "Martin, Alice" as "Alice Martin".
std::string natural_order(const std::string& name) {
    const size_t comma = name.find(',');
    return comma == std::string::npos ? name : name.substr(comma + 1) + " " + name.substr(0, comma);
}

}  // namespace

void KeywordList::add(std::span<const KeywordRow> rows) {
    for (const KeywordRow& row : rows) {
        for (const std::string_view phrase : row.split()) add(phrase, row.place, row.kind);
    }
}

void KeywordList::add(std::string_view phrase, Place place, AbsenceKind kind) {
    for (std::string& folded : fold_spellings(phrase)) {
        if (is_empty(folded)) continue;
        std::string word(first_word(folded));
        by_first_word_[std::move(word)].push_back({std::move(folded), place, kind});
    }
}

const KeywordList::Keyword* KeywordList::longest_at(std::string_view words,
                                                    const Title::Spelling& title) const {
    const auto found = by_first_word_.find(first_word(words));
    if (found == by_first_word_.end()) return nullptr;
    const Keyword* longest = nullptr;
    for (const Keyword& keyword : found->second) {
        if (!words.starts_with(keyword.phrase) || !fits(keyword.place, keyword.phrase, title)) continue;
        const size_t length = longest == nullptr ? 0 : longest->phrase.size();
        // A team's own keyword outweighs a built-in exception.
        const bool outweighs =
            longest != nullptr && longest->place == Place::never && keyword.phrase.size() == length;
        if (keyword.phrase.size() > length || outweighs) longest = &keyword;
    }
    return longest;
}

const KeywordList::Keyword* KeywordList::find(const Title& title) const {
    const Keyword* longest = nullptr;
    for (const Title::Spelling& spelling : title.spellings) {
        size_t taken_until = 0;
        for_each_word(spelling.whole, [&](std::string_view rest) {
            const size_t at = spelling.whole.size() - rest.size();
            if (at < taken_until) return;
            const Keyword* keyword = longest_at(rest, spelling);
            if (keyword == nullptr) return;
            if (keyword->place == Place::never) {
                taken_until = at + keyword->phrase.size() - 1;
            } else if (longest == nullptr || keyword->phrase.size() > longest->phrase.size()) {
                longest = keyword;
            }
        });
    }
    return longest;
}

NameList::NameList(const std::vector<Member>& members) {
    for (const Member& member : members) add_member(member);
}

void NameList::add_member(const Member& member) {
    const std::string name = natural_order(member.name);
    add_name(name, member.id);
    add_name(member.id.email(), member.id);
    for (const MemberId& alias : member.aliases) add_name(alias.email(), member.id);

    const size_t start = std::min(name.find_first_not_of(' '), name.size());
    const size_t blank = name.find(' ', start);
    const std::string first = name.substr(start, blank - start);
    if (blank != std::string::npos) add_name(name.substr(blank) + " " + first, member.id);
    if (!is_ordinary_word(fold_words(first))) add_name(first, member.id);
}

void NameList::add_name(std::string_view name, const MemberId& bearer) {
    for (std::string& folded : fold_spellings(name)) {
        if (is_empty(folded)) continue;
        auto& names = by_first_word_[std::string(first_word(folded))];
        const auto known = std::find_if(names.begin(), names.end(),
                                        [&](const Name& other) { return other.phrase == folded; });
        if (known != names.end()) {
            known->bearers.insert(bearer);
        } else {
            names.push_back({std::move(folded), {bearer}});
        }
    }
}

const NameList::Name* NameList::longest_at(std::string_view words) const {
    const Name* longest = nullptr;
    const auto found = by_first_word_.find(first_word(words));
    if (found == by_first_word_.end()) return nullptr;
    for (const Name& name : found->second) {
        const bool longer = longest == nullptr || name.phrase.size() > longest->phrase.size();
        if (longer && words.starts_with(name.phrase)) longest = &name;
    }
    return longest;
}

Title NameList::read(std::string_view text, const Member& owner) const {
    Title title;
    for (std::string& whole : fold_spellings(text)) {
        std::string bare = " ";
        size_t name_ends = 0;
        for_each_word(whole, [&](std::string_view rest) {
            const size_t at = whole.size() - rest.size();
            if (at < name_ends) return;
            if (const Name* name = longest_at(rest)) {
                // The longest name takes its words: "Alice Martin" does not name Martin Durand.
                name_ends = at + name->phrase.size() - 1;
                const bool is_owner = name->bearers.contains(owner.id);
                (is_owner ? title.names_owner : title.names_other) = true;
                if (!is_owner) title.named.insert(name->bearers);
            } else if (!is_number(first_word(rest))) {
                bare.append(first_word(rest)).append(" ");
            }
        });
        title.spellings.push_back({std::move(whole), std::move(bare)});
    }
    if (owner.id.empty()) {
        title.names_owner = title.names_other = false;
        title.named.clear();
    }
    return title;
}

}  // namespace watchbill
