// Titles as rows of plain words, so that "CONGÉ_d'été" and "congé d’été" are the same text. Pure,
// thread-safe.
//
// Folded text is lower case, without accents, with one blank before and after each word: " conge d ete ".
// Precomposed and decomposed letters fold alike, ligatures and special letters to their plain spelling
// ("œ" oe, "ß" ss, "ĳ" ij, full-width forms). Letters of other scripts stay (Greek and Cyrillic in lower
// case). Everything else separates words: punctuation, hyphens, apostrophes, emoji, bytes that are no UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watchbill {

// Every spelling people use for the text: without accents and, where it has umlauts or the like, with them
// written out ("Büro": " buro " and " buero "). One or two entries, the plain one first.
std::vector<std::string> fold_spellings(std::string_view utf8);

// The plain spelling alone.
std::string fold_words(std::string_view utf8);

}  // namespace watchbill
