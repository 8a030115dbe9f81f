// The built-in words by which titles are recognised, in English, French, German, Spanish, Italian, Portuguese
// and Dutch. A team's own lists (Team::keywords) are added to them as phrases that count anywhere in a title.
//
// Phrases are whole words, compared without case, accents and punctuation
// (rotation/availability/title_words.h); "ä" also matches "ae". The lists prefer precision: a word that also
// says something else in one of the seven languages ("off": kick-off; "leave": leave early; "unavailable": an
// outage) counts only where it is the whole title.
// What free/busy exports write for free time in some language ("Free", "Frei", "Libre", "Livre", "Vrij") is
// in no list, and neither is "Busy" in any language.
//
// A bare "swap" or "échange" is no swap ("Swap desks", a talk): a swap or cover word must stand beside "MRO"
// in the title, in any order, or be part of a phrase that can mean nothing else ("shift swap"). Teams whose
// rotation has another name add their own phrase ("ops swap") in the configuration.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "watchbill/plan.h"

namespace watchbill {

enum class Place {
    anywhere,     // the title holds the phrase
    whole_title,  // nothing else but members' names and numbers is in the title
    beside_mro,   // the title holds the phrase and the word "MRO"
    never,        // the phrase says something else: its words are no keywords ("school holidays")
};

struct KeywordRow {
    std::string_view language;  // ISO 639-1
    AbsenceKind kind = AbsenceKind::other;
    Place place = Place::anywhere;
    std::string_view phrases;  // separated by commas

    std::vector<std::string_view> split() const;
};

std::span<const KeywordRow> absence_keywords();
// `kind` says nothing in these.
std::span<const KeywordRow> night_duty_keywords();
std::span<const KeywordRow> swap_keywords();
std::span<const KeywordRow> cover_keywords();

}  // namespace watchbill
