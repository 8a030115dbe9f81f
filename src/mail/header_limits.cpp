#include "mail/header_limits.h"

#include <algorithm>
#include <array>
#include <string>

#include "mail/raw_header.h"
#include "words/letter_case.h"

namespace watchbill::mail {

namespace {

MailRefusal too_large(const std::string& what) {
    return {"header_too_large", "the mail's header " + what + ": mail programs write far less"};
}

MailRefusal too_nested(const std::string& what) {
    return {"header_too_nested", "the mail's header " + what + ": mail programs write far less"};
}

MailRefusal too_many_parts() {
    return {"too_many_parts", "the mail nests or has more parts than mail programs write"};
}

// As a lenient parser may read it: up to a NUL, without blanks and control characters, in lower case. Longer
// than any name that matters: "".
std::string lenient_name(std::string_view line, size_t colon) {
    constexpr size_t longest = 64;
    std::string name;
    for (const char c : line.substr(0, colon)) {
        if (c == '\0') break;
        if (c <= ' ' || c > '~') continue;
        if (name.size() == longest) return {};
        name += c;
    }
    return lower_case(name);
}

// All that hold addresses, whether or not GMime parses them today (RFC 5322 3.6, RFC 8098, RFC 2369 and what
// programs invented).
bool is_address_field(std::string_view name) {
    if (name.starts_with("resent-")) name.remove_prefix(std::string_view("resent-").size());
    if (name.starts_with("x-")) name.remove_prefix(2);
    static constexpr std::array<std::string_view, 17> names{"from",
                                                            "sender",
                                                            "to",
                                                            "cc",
                                                            "bcc",
                                                            "reply-to",
                                                            "return-path",
                                                            "errors-to",
                                                            "mail-followup-to",
                                                            "mail-reply-to",
                                                            "delivered-to",
                                                            "disposition-notification-to",
                                                            "envelope-to",
                                                            "original-to",
                                                            "apparently-to",
                                                            "envelope-from",
                                                            "return-receipt-to"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

// People write what they like into the others.
bool is_structured(std::string_view name) {
    return name != "subject" && name != "comments" && name != "keywords" && name != "thread-topic" &&
           !name.starts_with("x-");
}

int count(std::string_view text, char c) { return static_cast<int>(std::count(text.begin(), text.end(), c)); }

int nesting_of(std::string_view text, char opening, char closing) {
    int depth = 0;
    int most = 0;
    for (const char c : text) {
        if (c == opening) most = std::max(most, ++depth);
        if (c == closing && depth > 0) --depth;
    }
    return most;
}

bool starts_as_field(std::string_view line) {
    const size_t colon = line.find(':');
    return colon != 0 && colon != std::string_view::npos &&
           std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                       [](char c) { return c > ' ' && c <= '~'; });
}

class LimitScan {
public:
    std::optional<MailRefusal> scan(std::string_view mail) {
        for (size_t at = 0; at < mail.size();) {
            const std::string_view line = folded_line(mail, at);
            at += line.size();
            if (is_empty_line(line)) {
                end_block();
            } else if (line.starts_with("--")) {
                if (++delimiters_ > most_delimiters) return too_many_parts();
                // Text below a line of dashes is no header.
                begin_block(starts_as_field(folded_line(mail, at)));
                part_begins_ = true;
            } else {
                if (auto refusal = look_at(line)) return refusal;
            }
        }
        return std::nullopt;
    }

private:
    void begin_block(bool is_header) {
        in_header_ = is_header;
        holds_message_ = false;
        part_begins_ = false;
        fields_ = 0;
        bytes_ = 0;
    }
    // What follows is the header of the message inside, if there is one. A digest's parts are messages
    // without saying so (RFC 2046 5.1.5).
    void end_block() { begin_block((in_header_ && holds_message_) || (part_begins_ && has_digest_)); }

    std::optional<MailRefusal> look_at(std::string_view line) {
        if (in_header_) {
            bytes_ += line.size();
            if (bytes_ > largest_header) return too_large("is longer than 256 KB");
            if (line.size() > largest_field) return too_large("has a field of more than 64 KB");
            if (++fields_ > most_fields) return too_large("has more than 1000 fields");
        }
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        const std::string name = lenient_name(line, colon);
        const std::string_view value = line.substr(colon + 1);
        if (is_address_field(name)) return look_at_addresses(value);
        if (name.starts_with("content-")) return look_at_content(value);
        return in_header_ && is_structured(name) ? look_at_nesting(value) : std::nullopt;
    }

    static std::optional<MailRefusal> look_at_nesting(std::string_view value) {
        if (nesting_of(value, '(', ')') > deepest_nesting)
            return too_nested("nests comments more than 20 deep");
        if (nesting_of(value, '<', '>') > deepest_nesting)
            return too_nested("nests angle brackets more than 20 deep");
        return std::nullopt;
    }

    static std::optional<MailRefusal> look_at_addresses(std::string_view value) {
        if (value.size() > largest_field) return too_large("has a field of more than 64 KB");
        if (count(value, ':') > most_colons)
            return too_nested("has a list of addresses with more than 100 groups");
        return look_at_nesting(value);
    }

    std::optional<MailRefusal> look_at_content(std::string_view value) {
        if (value.size() > largest_content_field) return too_large("describes a part in more than 16 KB");
        if (count(value, ';') > most_parameters)
            return too_large("describes a part with more than 100 parameters");
        const std::string lower = lower_case(value);
        const auto says = [&lower](std::string_view word) { return lower.find(word) != std::string::npos; };
        holds_message_ = holds_message_ || says("message/");
        has_digest_ = has_digest_ || says("/digest");
        if ((says("multipart") || says("message")) && ++containers_ > most_containers)
            return too_many_parts();
        return look_at_nesting(value);
    }

    bool in_header_ = true;
    bool holds_message_ = false;  // the block's part is a message, whose header follows
    bool part_begins_ = false;    // the block is the first behind a delimiter
    bool has_digest_ = false;
    int fields_ = 0;    // of the block
    size_t bytes_ = 0;  // of the block
    int delimiters_ = 0;
    int containers_ = 0;
};

}  // namespace

std::optional<MailRefusal> beyond_header_limits(std::string_view mail) { return LimitScan().scan(mail); }

}  // namespace watchbill::mail
