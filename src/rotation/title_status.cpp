#include "rotation/title_status.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "rotation/title_words.h"

namespace watchbill {

namespace {

// What a word before a title says.
enum class Word {
    cancelled,
    declined,
    companion,  // stands beside those two: "Event canceled", "Annulé(e)"
    envelope,   // a reply, a forward, a gateway's mark, or Outlook's other prefixes: says nothing here
};

// What one language has of each, separated by commas.
struct LanguageRow {
    std::string_view language = {};  // ISO 639-1
    std::string_view cancelled = {};
    std::string_view declined = {};
    std::string_view companion = {};
    std::string_view envelope = {};
};

constexpr std::array language_rows = {
    LanguageRow{"en", "canceled, cancelled, cancellation, cancelation, has been canceled, has been cancelled",
                "declined, rejected, has declined",
                "event, meeting, appointment, invitation, meeting request, call, with note, this",
                "updated, updated invitation, copy, accepted, tentative"},
    LanguageRow{"fr", "annulé, annulée, annulés, annulées, annulation, a été annulé, a été annulée",
                "refusé, refusée, refusés, refusées, refus, décliné, déclinée, rejeté, rejetée, a refusé",
                "événement, évènement, réunion, rendez-vous, rdv, invitation, la, le, l",
                "mis à jour, mise à jour, copie, accepté, acceptée, provisoire"},
    LanguageRow{"de",
                "abgesagt, abgesagte, abgesagter, abgesagtes, Absage, storniert, Stornierung, entfällt, "
                "fällt aus, gestrichen, wurde abgesagt",
                "abgelehnt, abgelehnte, abgelehnter, abgelehntes, Ablehnung, zurückgewiesen, hat abgelehnt",
                "Termin, Besprechung, Ereignis, Einladung, Sitzung, Meeting, der, die, das",
                "aktualisiert, aktualisierte Einladung, Kopie, zugesagt, angenommen, mit Vorbehalt"},
    LanguageRow{"es",
                "cancelado, cancelada, cancelados, canceladas, cancelación, anulado, anulada, suspendido, "
                "suspendida",
                "rechazado, rechazada, rechazados, rechazadas, rechazo, declinado, declinada",
                "evento, reunión, cita, invitación, convocatoria",
                "actualizado, actualizada, copia, aceptado, aceptada, provisional"},
    LanguageRow{"it",
                "annullato, annullata, annullati, annullate, annullamento, cancellato, cancellata, "
                "cancellazione",
                "rifiutato, rifiutata, rifiutati, rifiutate, rifiuto, declinato, declinata",
                "evento, riunione, appuntamento, invito",
                "aggiornato, aggiornata, copia, accettato, accettata, provvisorio"},
    LanguageRow{"pt", "cancelado, cancelada, cancelados, canceladas, cancelamento, anulado, anulada",
                "recusado, recusada, recusados, recusadas, recusa, rejeitado, rejeitada, declinado, "
                "declinada",
                "evento, reunião, compromisso, convite",
                "atualizado, atualizada, cópia, aceito, aceite, aceita, provisório"},
    LanguageRow{"nl", "geannuleerd, geannuleerde, annulering, afgezegd, afgelast, vervallen",
                "afgewezen, afwijzing, geweigerd, geweigerde, afgeslagen",
                "afspraak, vergadering, gebeurtenis, uitnodiging",
                "bijgewerkt, kopie, geaccepteerd, voorlopig"},
    LanguageRow{"ca", "cancel·lat, cancel·lada, anul·lat, anul·lada",
                "rebutjat, rebutjada, refusat, refusada"},
    LanguageRow{"sv", "inställt, inställd, inställda, avbokat, avbokad, avbruten, avbrutet",
                "avböjt, avböjd, avvisad, avvisat, nekad, nekat, tackat nej"},
    LanguageRow{"da", "aflyst, annulleret", "afvist, afslået"},
    LanguageRow{"no", "avlyst, kansellert", "avslått, avvist, avslag"},
    LanguageRow{"fi", "peruutettu, peruttu", "hylätty, kieltäydytty"},
    LanguageRow{"pl", "odwołane, odwołano, odwołany, odwołana, anulowane, anulowano, anulowany, anulowana",
                "odrzucone, odrzucono, odrzucony, odrzucona, odmowa"},
    LanguageRow{"cs", "zrušeno, zrušená, zrušené, zrušený, zrušena, storno",
                "odmítnuto, odmítnutá, odmítnuté, odmítnutý, zamítnuto"},
    LanguageRow{"sk", "zrušené, zrušená, zrušený", "odmietnuté, odmietnutá, zamietnuté"},
    LanguageRow{"hu", "lemondva, lemondott, törölve, visszavonva", "elutasítva, elutasított"},
    LanguageRow{"ro", "anulat, anulată", "refuzat, refuzată, respins, respinsă"},
    LanguageRow{"hr", "otkazano, otkazana, otkazan", "odbijeno, odbijena, odbijen"},
    LanguageRow{"sl", "odpovedano, preklicano", "zavrnjeno"},
    LanguageRow{"tr", "iptal edildi, iptal", "reddedildi"},
    LanguageRow{"el", "ακυρώθηκε, ακυρωμένο, ακυρωμένη, ακύρωση", "απορρίφθηκε, απόρριψη"},
    LanguageRow{"ru", "отменено, отменена, отменён, отменен, отмена",
                "отклонено, отклонена, отклонён, отклонен"},
    LanguageRow{"uk", "скасовано", "відхилено"},
    LanguageRow{"bg", "отменен, отменено, анулирано", "отхвърлено, отказано"},
    LanguageRow{"ja", "キャンセル, キャンセル済み, キャンセルされました, 取り消し, 取消, 中止",
                "辞退, 辞退しました, 不参加, 欠席, 拒否"},
    LanguageRow{"zh", "已取消, 取消, 会议已取消, 會議已取消",
                "已拒绝, 已拒絕, 拒绝, 拒絕, 已谢绝, 已謝絕, 已婉拒"},
    LanguageRow{"ko", "취소됨, 취소, 취소된 일정", "거절됨, 거절, 거부됨"},
    LanguageRow{"he", "בוטל, בוטלה, מבוטל", "נדחה, נדחתה"},
    LanguageRow{"ar", "ملغى, ملغاة, ألغيت, تم الإلغاء", "مرفوض, مرفوضة, تم الرفض"},
    // Of no language; the first are both genders at once: "Annulé(e)", "Cancelado/a".
    LanguageRow{"", "", "", "e, es, s, a, as, o, os",
                "re, aw, antw, antwort, antwoord, sv, vs, vb, vl, odp, res, resp, rif, r, ref, ynt, bls, "
                "ha, fw, fwd, wg, tr, rv, i, enc, doorst, pd, ilt, trs, external, ext, extern, externe, "
                "externo, esterno"},
};

constexpr std::array<std::string_view, 6> colons = {":", "：", "﹕", "︓", "꞉", "∶"};
constexpr std::array<std::string_view, 10> open_brackets = {"[",  "(",  "{",  "<",  "［",
                                                            "（", "【", "「", "『", "《"};
constexpr std::array<std::string_view, 10> close_brackets = {"]",  ")",  "}",  ">",  "］",
                                                             "）", "】", "」", "』", "》"};
// Bytes of one prefix. The longest of ours have some 60.
constexpr size_t longest_prefix = 100;

class WordTable {
public:
    // A word that is of several kinds, in one language or another, is of the first.
    WordTable() {
        for (const LanguageRow& row : language_rows) add(row.cancelled, Word::cancelled);
        for (const LanguageRow& row : language_rows) add(row.declined, Word::declined);
        for (const LanguageRow& row : language_rows) add(row.companion, Word::companion);
        for (const LanguageRow& row : language_rows) add(row.envelope, Word::envelope);
    }

    // What a prefix says: of "cancelled" and "declined" the first in it, else Word::envelope; nothing where
    // it holds any other word. `folded` as title_words.h has it.
    std::optional<Word> read(std::string_view folded) const {
        std::optional<Word> said;
        bool after_envelope = false;
        for (size_t at = 0; at + 1 < folded.size();) {
            const std::string_view rest = folded.substr(at);
            const auto [word, length] = longest_at(rest);
            // "Re[2]:" counts its replies.
            const bool is_count = after_envelope && is_number(rest.substr(1, rest.find(' ', 1) - 1));
            if (length == 0 && !is_count) return std::nullopt;
            after_envelope = length != 0 && word == Word::envelope;
            if (length != 0 && (word == Word::cancelled || word == Word::declined) && !is_no(said))
                said = word;
            if (!said) said = Word::envelope;
            at += length == 0 ? rest.find(' ', 1) : length;
        }
        return said;
    }

private:
    void add(std::string_view phrases, Word word) {
        for (size_t at = 0; at < phrases.size();) {
            const size_t comma = std::min(phrases.find(',', at), phrases.size());
            for (std::string& folded : fold_spellings(phrases.substr(at, comma - at)))
                words_.emplace(std::move(folded), word);
            at = comma + 1;
        }
    }
    static bool is_no(const std::optional<Word>& word) {
        return word == Word::cancelled || word == Word::declined;
    }
    static bool is_number(std::string_view word) {
        return !word.empty() && word.size() <= 3 &&
               std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    }

    // The longest phrase at the start of " word word ", and its bytes without the last blank; 0 for none.
    std::pair<Word, size_t> longest_at(std::string_view rest) const {
        std::pair<Word, size_t> longest{Word::companion, 0};
        int words = 0;
        for (size_t end = rest.find(' ', 1); end != std::string_view::npos && words < 4;
             end = rest.find(' ', end + 1), ++words) {
            const auto found = words_.find(rest.substr(0, end + 1));
            if (found != words_.end()) longest = {found->second, end};
        }
        return longest;
    }

    std::map<std::string, Word, std::less<>> words_;
};

const WordTable& word_table() {
    static const WordTable table;
    return table;
}

template <size_t n>
size_t length_of_one(const std::array<std::string_view, n>& marks, std::string_view text) {
    for (const std::string_view mark : marks)
        if (text.starts_with(mark)) return mark.size();
    return 0;
}

// Of a UTF-8 sequence by its first byte; of what is none 1.
size_t sequence_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    return std::min(length, text.size());
}

// One prefix at the start of `text`: its words, and where the text goes on behind it.
struct Prefix {
    std::string_view words;
    size_t end = 0;
};
std::optional<Prefix> prefix_of(std::string_view text) {
    size_t at = 0;
    bool in_brackets = false;
    // Emoji, quotes and blanks may stand before it.
    while (at < text.size() && at < longest_prefix) {
        const std::string_view rest = text.substr(at);
        const size_t length = sequence_length(rest);
        if (fold_words(rest.substr(0, length)).size() > 1) break;
        if (length_of_one(open_brackets, rest) != 0) in_brackets = true;
        if (length_of_one(close_brackets, rest) != 0) in_brackets = false;
        at += length;
    }
    const size_t start = at;
    for (; at < text.size() && at - start < longest_prefix; ++at) {
        const std::string_view rest = text.substr(at);
        const size_t mark = in_brackets ? length_of_one(close_brackets, rest) : length_of_one(colons, rest);
        if (mark != 0) return Prefix{text.substr(start, at - start), at + mark};
    }
    return std::nullopt;
}

}  // namespace

TitleReading read_title_status(std::string_view title) {
    TitleReading reading{TitleStatus::none, title};
    std::string_view rest = title;
    while (const auto prefix = prefix_of(rest)) {
        const auto said = word_table().read(fold_words(prefix->words));
        if (!said) break;
        rest.remove_prefix(prefix->end);
        const bool is_no = *said == Word::cancelled || *said == Word::declined;
        if (!is_no) continue;
        reading.rest = rest;
        if (reading.status == TitleStatus::none)
            reading.status = *said == Word::cancelled ? TitleStatus::cancelled : TitleStatus::declined;
    }
    return reading;
}

}  // namespace watchbill
