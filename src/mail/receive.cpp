#include "mail/receive.h"

#include <algorithm>
#include <optional>

#include "mail/authentication_results.h"
#include "mail/from_field.h"
#include "mail/gmime.h"
#include "mail/header_limits.h"
#include "mail/raw_header.h"
#include "words/letter_case.h"

namespace watchbill::mail {

namespace {

// Outlook nests 4 deep, a mailing list's footer adds one.
constexpr int deepest = 16;
constexpr int most_parts = 200;
constexpr size_t longest_message_id = 200;

tl::unexpected<MailRefusal> refuse(std::string code, std::string message) {
    return tl::unexpected(MailRefusal{std::move(code), std::move(message)});
}

// The header's value, decoded, "" for none.
std::string header(GMimeMessage* mail, const char* name) {
    const char* value = g_mime_object_get_header(GMIME_OBJECT(mail), name);
    return value != nullptr ? value : "";
}

// How likely a part is the answer: mail programs send the same calendar twice or thrice.
enum class Likeliness { none, attached_file, application_ics, text_calendar, answer };

std::string parameter(GMimeObject* part, const char* name) {
    const char* value = g_mime_object_get_content_type_parameter(part, name);
    return value != nullptr ? value : "";
}

bool is_answer(const std::string& method) { return method == "REPLY" || method == "COUNTER"; }

Likeliness likeliness_of(GMimeObject* part) {
    GMimeContentType* const type = g_mime_object_get_content_type(part);
    const bool calendar = g_mime_content_type_is_type(type, "text", "calendar") != 0;
    if (calendar && is_answer(upper_case(parameter(part, "method")))) return Likeliness::answer;
    if (calendar) return Likeliness::text_calendar;
    if (g_mime_content_type_is_type(type, "application", "ics") != 0) return Likeliness::application_ics;
    const char* name = g_mime_part_get_filename(GMIME_PART(part));
    if (name != nullptr && lower_case(name).ends_with(".ics")) return Likeliness::attached_file;
    return Likeliness::none;
}

// Walks the tree without recursing into messages that the mail only forwards or returns: those are not its
// sender's word.
class PartSearch {
public:
    // False when there is more than we are willing to look at.
    bool visit(GMimeObject* part, int depth) {
        if (part == nullptr) return true;
        if (depth > deepest || ++seen_ > most_parts) return false;
        if (GMIME_IS_MULTIPART(part)) {
            GMimeMultipart* const whole = GMIME_MULTIPART(part);
            report_ = report_ || g_mime_content_type_is_type(g_mime_object_get_content_type(part),
                                                             "multipart", "report") != 0;
            const int count = g_mime_multipart_get_count(whole);
            for (int index = 0; index < count; ++index) {
                if (!visit(g_mime_multipart_get_part(whole, index), depth + 1)) return false;
            }
            return true;
        }
        if (!GMIME_IS_PART(part)) return true;
        const Likeliness likeliness = likeliness_of(part);
        if (likeliness > best_) {
            best_ = likeliness;
            found_ = GMIME_PART(part);
        }
        return true;
    }

    GMimePart* found() const { return found_; }
    bool is_report() const { return report_; }  // multipart/report, RFC 6522: bounces and receipts

private:
    int seen_ = 0;
    Likeliness best_ = Likeliness::none;
    GMimePart* found_ = nullptr;
    bool report_ = false;
};

// Decoded; converted to UTF-8 where the part names another charset that is known.
std::string content_of(GMimePart* part) {
    GMimeDataWrapper* const content = g_mime_part_get_content(part);
    if (content == nullptr) return {};
    GByteArray* const array = g_byte_array_new();
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_byte_array(array));  // owns the array
    g_mime_data_wrapper_write_to_stream(content, stream.get());
    std::string bytes(reinterpret_cast<const char*>(array->data), array->len);
    const std::string charset = lower_case(parameter(GMIME_OBJECT(part), "charset"));
    if (charset.empty() || charset == "utf-8" || charset == "us-ascii") return bytes;
    gsize written = 0;
    const OwnedText converted(g_convert(bytes.data(), static_cast<gssize>(bytes.size()), "utf-8",
                                        charset.c_str(), nullptr, &written, nullptr));
    // No charset makes more than a few bytes of one, but nothing is taken on trust.
    if (converted == nullptr || written > 8 * largest_mail) return bytes;
    return {converted.get(), written};
}

// Why a mail without a calendar came, as far as it says.
MailRefusal without_calendar(GMimeMessage* mail, bool report) {
    const std::string return_path = header(mail, "Return-Path");
    if (report || return_path == "<>")
        return {"bounce", "the mail is a report about another mail (undelivered or read), and no answer"};
    const std::string automatic = lower_case(header(mail, "Auto-Submitted"));
    const std::string precedence = lower_case(header(mail, "Precedence"));
    if ((!automatic.empty() && !automatic.starts_with("no")) || !header(mail, "X-Autoreply").empty() ||
        !header(mail, "X-Autorespond").empty() || precedence == "auto_reply" || precedence == "bulk") {
        return {"auto_reply", "the mail was written by a program (out of office, say), and is no answer"};
    }
    return {"no_calendar",
            "the mail has no calendar part: answer with the buttons of the invitation (Yes, Maybe, No)"};
}

Owned<GMimeMessage> parsed(std::string_view bytes) {
    ensure_gmime_is_ready();
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    g_mime_parser_set_persist_stream(parser.get(), FALSE);
    return Owned<GMimeMessage>(g_mime_parser_construct_message(parser.get(), nullptr));
}

}  // namespace

tl::expected<ReceivedMail, MailRefusal> read_mail(std::string_view bytes, std::string_view authserv_id) {
    if (bytes.size() > largest_mail)
        return refuse("too_large", "the mail is larger than 1 MB: an answer to an invitation is not");
    // As an MTA pipes it to a program (mbox's "From " line) it is no header.
    if (bytes.starts_with("From ")) bytes.remove_prefix(std::min(bytes.find('\n'), bytes.size() - 1) + 1);
    if (bytes.find(':') == std::string_view::npos) return refuse("no_mail", "these bytes are no mail");
    // Before the parser sees a byte: it recurses.
    if (auto refusal = beyond_header_limits(bytes)) return tl::unexpected(std::move(*refusal));
    const auto fields = read_header(bytes);
    if (!fields) return tl::unexpected(fields.error());
    const auto from = sender_of(*fields);
    if (!from) return tl::unexpected(from.error());
    if (failed_authentication(*fields, authserv_id)) {
        return refuse(
            "unauthenticated",
            "the mail server found that the sender's domain did not send this mail (dmarc=fail), or "
            "its Authentication-Results cannot be read");
    }
    const Owned<GMimeMessage> mail = parsed(bytes);
    if (mail == nullptr) return refuse("no_mail", "these bytes are no mail");
    PartSearch search;
    if (!search.visit(g_mime_message_get_mime_part(mail.get()), 1))
        return refuse("too_many_parts", "the mail nests or has more parts than mail programs write");
    if (search.found() == nullptr) return tl::unexpected(without_calendar(mail.get(), search.is_report()));

    ReceivedMail received;
    received.from = *from;
    const char* id = g_mime_message_get_message_id(mail.get());
    received.message_id = one_line(id != nullptr ? id : "", longest_message_id);
    received.calendar = content_of(search.found());
    received.method = upper_case(parameter(GMIME_OBJECT(search.found()), "method"));
    return received;
}

}  // namespace watchbill::mail
