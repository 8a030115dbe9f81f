#include "rotation/availability/title_words.h"

#include <catch2/catch.hpp>
#include <random>

namespace title_words_test {

using namespace watchbill;

TEST_CASE("titles fold to plain words with a blank around each") {
    CHECK(fold_words("") == " ");
    CHECK(fold_words(" \t\n") == " ");
    CHECK(fold_words("Out of Office") == " out of office ");
    CHECK(fold_words("--PTO!!  (2026)") == " pto 2026 ");
    CHECK(fold_words("CONGÉ_d’été") == " conge d ete ");
    CHECK(fold_words("l'Œuvre, Straße, vrĳ, Łódź, Þór, Æsop, Ñandú") ==
          " l oeuvre strasse vrij lodz thor aesop nandu ");
    CHECK(fold_words("e\xCC\x81t\xC3\xA9") == " ete ");  // decomposed, then precomposed
    CHECK(fold_words("Nguyễn Đức İstanbul ılık") == " nguyen duc istanbul ilik ");
    CHECK(fold_words("ﬁn ﬂ ｖａｃ１ 1ª 2º") == " fin fl vac1 1a 2o ");
    CHECK(fold_words("va\xC2\xAD"
                     "cation") == " vacation ");  // soft hyphen
    CHECK(fold_words("on\xE2\x80\x8B"
                     "call") == " on call ");  // zero-width space
    CHECK(fold_words("🏖️vacances🌴") == " vacances ");
    CHECK(fold_words("3×4÷2") == " 3 4 2 ");
    CHECK(fold_words("ОТПУСК Ёлка ΑΔΕΙΑ 休暇・日") == " отпуск ёлка αδεια 休暇 日 ");
}

TEST_CASE("umlauts have two spellings") {
    using Spellings = std::vector<std::string>;
    CHECK(fold_spellings("Büro") == Spellings{" buro ", " buero "});
    CHECK(fold_spellings("BU\xCC\x88RO") == Spellings{" buro ", " buero "});
    CHECK(fold_spellings("Søren Åse") == Spellings{" soren ase ", " soeren aase "});
    CHECK(fold_spellings("Noël") == Spellings{" noel "});  // a diaeresis that is no umlaut
    CHECK(fold_spellings("\xCC\x88") == Spellings{" "});
}

TEST_CASE("bytes that are no UTF-8 separate words") {
    CHECK(fold_words("caf\xE9 noir") == " caf noir ");  // latin-1
    CHECK(fold_words("a\xC3") == " a ");                // cut short
    CHECK(fold_words("a\xE2\x82z") == " a z ");
    CHECK(fold_words("\xF5\xFF\x80z") == " z ");
}

TEST_CASE("any bytes fold to words, and folding again changes nothing") {
    const unsigned seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : 20261127U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> byte(0, 255);
    for (int round = 0; round < 20000; ++round) {
        std::string bytes;
        for (int i = round % 24; i > 0; --i) bytes.push_back(static_cast<char>(byte(random)));
        const std::string folded = fold_words(bytes);
        REQUIRE(folded.front() == ' ');
        REQUIRE(folded.back() == ' ');
        REQUIRE(folded.find("  ") == std::string::npos);
        REQUIRE(fold_words(folded) == folded);
    }
}

}  // namespace title_words_test
