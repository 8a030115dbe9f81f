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

struct WordRow {
    std::string_view language;  // ISO 639-1
    Word word = Word::companion;
    std::string_view phrases;  // separated by commas
};

constexpr std::array word_rows = {
    WordRow{"en", Word::cancelled,
            "canceled, cancelled, cancellation, cancelation, has been canceled, has been cancelled"},
    WordRow{"fr", Word::cancelled,
            "annulé, annulée, annulés, annulées, annulation, a été annulé, a été annulée"},
    WordRow{"de", Word::cancelled,
            "abgesagt, abgesagte, abgesagter, abgesagtes, Absage, storniert, Stornierung, entfällt, fällt "
            "aus, gestrichen, "
            "wurde abgesagt"},
    WordRow{"es", Word::cancelled,
            "cancelado, cancelada, cancelados, canceladas, cancelación, anulado, anulada, suspendido, "
            "suspendida"},
    WordRow{
        "it", Word::cancelled,
        "annullato, annullata, annullati, annullate, annullamento, cancellato, cancellata, cancellazione"},
    WordRow{"pt", Word::cancelled,
            "cancelado, cancelada, cancelados, canceladas, cancelamento, anulado, anulada"},
    WordRow{"nl", Word::cancelled, "geannuleerd, geannuleerde, annulering, afgezegd, afgelast, vervallen"},
    WordRow{"ca", Word::cancelled, "cancel·lat, cancel·lada, anul·lat, anul·lada"},
    WordRow{"sv", Word::cancelled, "inställt, inställd, inställda, avbokat, avbokad, avbruten, avbrutet"},
    WordRow{"da", Word::cancelled, "aflyst, annulleret"},
    WordRow{"no", Word::cancelled, "avlyst, kansellert"},
    WordRow{"fi", Word::cancelled, "peruutettu, peruttu"},
    WordRow{"pl", Word::cancelled,
            "odwołane, odwołano, odwołany, odwołana, anulowane, anulowano, anulowany, anulowana"},
    WordRow{"cs", Word::cancelled, "zrušeno, zrušená, zrušené, zrušený, zrušena, storno"},
    WordRow{"sk", Word::cancelled, "zrušené, zrušená, zrušený"},
    WordRow{"hu", Word::cancelled, "lemondva, lemondott, törölve, visszavonva"},
    WordRow{"ro", Word::cancelled, "anulat, anulată"},
    WordRow{"hr", Word::cancelled, "otkazano, otkazana, otkazan"},
    WordRow{"sl", Word::cancelled, "odpovedano, preklicano"},
    WordRow{"tr", Word::cancelled, "iptal edildi, iptal"},
    WordRow{"el", Word::cancelled, "ακυρώθηκε, ακυρωμένο, ακυρωμένη, ακύρωση"},
    WordRow{"ru", Word::cancelled, "отменено, отменена, отменён, отменен, отмена"},
    WordRow{"uk", Word::cancelled, "скасовано"},
    WordRow{"bg", Word::cancelled, "отменен, отменено, анулирано"},
    WordRow{"ja", Word::cancelled, "キャンセル, キャンセル済み, キャンセルされました, 取り消し, 取消, 中止"},
    WordRow{"zh", Word::cancelled, "已取消, 取消, 会议已取消, 會議已取消"},
    WordRow{"ko", Word::cancelled, "취소됨, 취소, 취소된 일정"},
    WordRow{"he", Word::cancelled, "בוטל, בוטלה, מבוטל"},
    WordRow{"ar", Word::cancelled, "ملغى, ملغاة, ألغيت, تم الإلغاء"},

    WordRow{"en", Word::declined, "declined, rejected, has declined"},
    WordRow{"fr", Word::declined,
            "refusé, refusée, refusés, refusées, refus, décliné, déclinée, rejeté, rejetée, a refusé"},
    WordRow{"de", Word::declined,
            "abgelehnt, abgelehnte, abgelehnter, abgelehntes, Ablehnung, zurückgewiesen, hat abgelehnt"},
    WordRow{"es", Word::declined,
            "rechazado, rechazada, rechazados, rechazadas, rechazo, declinado, declinada"},
    WordRow{"it", Word::declined,
            "rifiutato, rifiutata, rifiutati, rifiutate, rifiuto, declinato, declinata"},
    WordRow{"pt", Word::declined,
            "recusado, recusada, recusados, recusadas, recusa, rejeitado, rejeitada, declinado, declinada"},
    WordRow{"nl", Word::declined, "afgewezen, afwijzing, geweigerd, geweigerde, afgeslagen"},
    WordRow{"ca", Word::declined, "rebutjat, rebutjada, refusat, refusada"},
    WordRow{"sv", Word::declined, "avböjt, avböjd, avvisad, avvisat, nekad, nekat, tackat nej"},
    WordRow{"da", Word::declined, "afvist, afslået"},
    WordRow{"no", Word::declined, "avslått, avvist, avslag"},
    WordRow{"fi", Word::declined, "hylätty, kieltäydytty"},
    WordRow{"pl", Word::declined, "odrzucone, odrzucono, odrzucony, odrzucona, odmowa"},
    WordRow{"cs", Word::declined, "odmítnuto, odmítnutá, odmítnuté, odmítnutý, zamítnuto"},
    WordRow{"sk", Word::declined, "odmietnuté, odmietnutá, zamietnuté"},
    WordRow{"hu", Word::declined, "elutasítva, elutasított"},
    WordRow{"ro", Word::declined, "refuzat, refuzată, respins, respinsă"},
    WordRow{"hr", Word::declined, "odbijeno, odbijena, odbijen"},
    WordRow{"sl", Word::declined, "zavrnjeno"},
    WordRow{"tr", Word::declined, "reddedildi"},
    WordRow{"el", Word::declined, "απορρίφθηκε, απόρριψη"},
    WordRow{"ru", Word::declined, "отклонено, отклонена, отклонён, отклонен"},
    WordRow{"uk", Word::declined, "відхилено"},
    WordRow{"bg", Word::declined, "отхвърлено, отказано"},
    WordRow{"ja", Word::declined, "辞退, 辞退しました, 不参加, 欠席, 拒否"},
    WordRow{"zh", Word::declined, "已拒绝, 已拒絕, 拒绝, 拒絕, 已谢绝, 已謝絕, 已婉拒"},
    WordRow{"ko", Word::declined, "거절됨, 거절, 거부됨"},
    WordRow{"he", Word::declined, "נדחה, נדחתה"},
    WordRow{"ar", Word::declined, "مرفوض, مرفوضة, تم الرفض"},

    WordRow{"en", Word::companion,
            "event, meeting, appointment, invitation, meeting request, call, with note, this"},
    WordRow{"fr", Word::companion, "événement, évènement, réunion, rendez-vous, rdv, invitation, la, le, l"},
    WordRow{"de", Word::companion,
            "Termin, Besprechung, Ereignis, Einladung, Sitzung, Meeting, der, die, das"},
    WordRow{"es", Word::companion, "evento, reunión, cita, invitación, convocatoria"},
    WordRow{"it", Word::companion, "evento, riunione, appuntamento, invito"},
    WordRow{"pt", Word::companion, "evento, reunião, compromisso, convite"},
    WordRow{"nl", Word::companion, "afspraak, vergadering, gebeurtenis, uitnodiging"},
    // Both genders at once: "Annulé(e)", "Cancelado/a".
    WordRow{"", Word::companion, "e, es, s, a, as, o, os"},

    WordRow{"", Word::envelope,
            "re, aw, antw, antwort, antwoord, sv, vs, vb, vl, odp, res, resp, rif, r, ref, ynt, bls, ha, "
            "fw, fwd, wg, tr, rv, i, enc, doorst, pd, ilt, trs, "
            "external, ext, extern, externe, externo, esterno"},
    WordRow{"en", Word::envelope, "updated, updated invitation, copy, accepted, tentative"},
    WordRow{"fr", Word::envelope, "mis à jour, mise à jour, copie, accepté, acceptée, provisoire"},
    WordRow{"de", Word::envelope,
            "aktualisiert, aktualisierte Einladung, Kopie, zugesagt, angenommen, mit Vorbehalt"},
    WordRow{"es", Word::envelope, "actualizado, actualizada, copia, aceptado, aceptada, provisional"},
    WordRow{"it", Word::envelope, "aggiornato, aggiornata, copia, accettato, accettata, provvisorio"},
    WordRow{"pt", Word::envelope, "atualizado, atualizada, cópia, aceito, aceite, aceita, provisório"},
    WordRow{"nl", Word::envelope, "bijgewerkt, kopie, geaccepteerd, voorlopig"},
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
    WordTable() {
        for (const WordRow& row : word_rows) {
            for (size_t at = 0; at <= row.phrases.size();) {
                const size_t comma = std::min(row.phrases.find(',', at), row.phrases.size());
                for (std::string& folded : fold_spellings(row.phrases.substr(at, comma - at)))
                    words_.emplace(std::move(folded), row.word);
                at = comma + 1;
            }
        }
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
