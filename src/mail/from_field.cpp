#include "mail/from_field.h"

#include <algorithm>
#include <optional>
#include <string>

#include "mail/header_text.h"
#include "words/letter_case.h"

namespace watchbill::mail {

namespace {

tl::unexpected<MailRefusal> several() {
    return tl::unexpected(MailRefusal{
        "several_senders",
        "the mail has several senders, or its From can be read so: an answer comes from one person"});
}

tl::unexpected<MailRefusal> none() {
    return tl::unexpected(MailRefusal{"no_sender", "the mail's From is not one plain address"});
}

struct Mailbox {
    std::vector<std::string> words;    // outside of quotes, comments and angle brackets
    bool quotes = false;               // there is a quoted string
    std::optional<std::string> angle;  // what stands in "<...>"
};

tl::expected<Mailbox, MailRefusal> take_apart(std::string_view value) {
    Mailbox mailbox;
    HeaderText text(value);
    while (const auto token = text.next()) {
        const bool is_special = token->kind == HeaderToken::Kind::special;
        if (token->kind == HeaderToken::Kind::comment) continue;
        if (is_special && token->text == ",") return several();
        if (mailbox.angle) return is_special && token->text == "<" ? several() : none();
        if (is_special && token->text == "<") {
            mailbox.angle = text.until('>');
            if (!mailbox.angle) return none();
        } else if (is_special) {
            return none();  // a group, or nothing at all
        } else {
            mailbox.quotes = mailbox.quotes || token->kind == HeaderToken::Kind::quoted;
            if (token->kind == HeaderToken::Kind::word) mailbox.words.push_back(token->text);
        }
    }
    if (text.is_damaged()) return none();
    return mailbox;
}

// Nothing but an address, without route, quotes, comments or encoded words inside (RFC 2047 5: those have no
// place there).
bool is_plain_address(std::string_view text) {
    return std::count(text.begin(), text.end(), '@') == 1 && text.find("=?") == std::string_view::npos &&
           text.find_first_of(" \t,;:\"()<>\\") == std::string_view::npos;
}

bool is_same_text(std::string_view a, std::string_view b) { return lower_case(a) == lower_case(b); }

}  // namespace

tl::expected<MemberId, MailRefusal> sender_of(const std::vector<HeaderField>& header) {
    const HeaderField* from = nullptr;
    for (const HeaderField& field : header) {
        if (field.name != "from") continue;
        if (from != nullptr) return several();
        from = &field;
    }
    if (from == nullptr) return tl::unexpected(MailRefusal{"no_sender", "the mail has no sender"});
    auto mailbox = take_apart(from->value);
    if (!mailbox) return tl::unexpected(std::move(mailbox.error()));
    if (!mailbox->angle && mailbox->words.size() != 1) {
        const auto addresses = std::count_if(mailbox->words.begin(), mailbox->words.end(), is_plain_address);
        return addresses > 1 ? several() : none();
    }
    if (!mailbox->angle && mailbox->quotes) return none();
    const std::string address = mailbox->angle ? *mailbox->angle : mailbox->words.front();
    if (!is_plain_address(address)) return none();
    const auto member = MemberId::parse(address);
    if (!member) return none();
    // "bob@example.com <eve@example.net>" is no name (RFC 5322 3.2.5), and some would answer bob.
    for (const std::string& word : mailbox->words) {
        if (mailbox->angle && word.find('@') != std::string::npos && !is_same_text(word, address))
            return several();
    }
    return *member;
}

}  // namespace watchbill::mail
