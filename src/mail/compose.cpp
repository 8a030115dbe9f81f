#include "mail/compose.h"

#include <cassert>

#include "mail/gmime.h"
#include "words/plain_text.h"

namespace watchbill::mail {

namespace {

// A phone shows 40 to 60 characters of it; 200 bytes leave room for other scripts.
constexpr size_t longest_subject = 200;
constexpr size_t longest_name = 100;

struct FreeFormat {
    void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};

std::string valid_utf8(std::string_view text) {
    const OwnedText valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
    return valid.get();
}

// Lines of people's text end with CRLF, as a text part's canonical form wants (RFC 2046 4.1.1); NUL and other
// control characters go, and what cannot be seen.
std::string canonical_text(std::string_view text) {
    std::string lines;
    for (const char c : without_hidden_characters(valid_utf8(text), Lines::several)) {
        if (c == '\n')
            lines += "\r\n";
        else
            lines += c;
    }
    if (!lines.ends_with("\r\n")) lines += "\r\n";
    return lines;
}

Owned<GMimePart> part_of(const char* type, const char* subtype, std::string_view bytes,
                         GMimeContentEncoding encoding) {
    Owned<GMimePart> part(g_mime_part_new_with_type(type, subtype));
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const Owned<GMimeDataWrapper> content(
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
    g_mime_part_set_content(part.get(), content.get());
    g_mime_part_set_content_encoding(part.get(), encoding);
    return part;
}

void set_parameter(GMimePart* part, const char* name, const std::string& value) {
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), name, value.c_str());
}

Owned<GMimePart> text_part(const char* subtype, const std::string& text) {
    auto part = part_of("text", subtype, canonical_text(text), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    set_parameter(part.get(), "charset", "utf-8");
    return part;
}

// Base64, so that no server on the way touches line ends or long lines.
Owned<GMimePart> calendar_part(const OutboxMessage& message) {
    auto part = part_of("text", "calendar", message.calendar, GMIME_CONTENT_ENCODING_BASE64);
    set_parameter(part.get(), "charset", "utf-8");
    set_parameter(part.get(), "method", message.calendar_method);
    return part;
}

Owned<GMimePart> attached_calendar(const OutboxMessage& message) {
    auto part = part_of("application", "ics", message.calendar, GMIME_CONTENT_ENCODING_BASE64);
    set_parameter(part.get(), "name", "invite.ics");
    g_mime_object_set_disposition(GMIME_OBJECT(part.get()), GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(part.get(), "invite.ics");
    return part;
}

// "=_" occurs in no quoted-printable or base64 text (RFC 2045 6.7), so that no part holds a boundary.
std::string boundary(const OutboxMessage& message, const char* which) {
    constexpr size_t longest_boundary = 70;  // RFC 2046 5.1.1
    const std::string prefix = std::string("=_") + which + '_';
    return prefix + message.id.substr(0, longest_boundary - prefix.size());
}

Owned<GMimeMultipart> multipart(const char* subtype, const std::string& bound) {
    Owned<GMimeMultipart> made(g_mime_multipart_new_with_subtype(subtype));
    g_mime_multipart_set_boundary(made.get(), bound.c_str());
    return made;
}

void add(GMimeMultipart* whole, const Owned<GMimePart>& part) {
    g_mime_multipart_add(whole, GMIME_OBJECT(part.get()));
}

Owned<GMimeObject> body_of(const OutboxMessage& message) {
    if (message.calendar.empty() && message.html.empty())
        return Owned<GMimeObject>(GMIME_OBJECT(text_part("plain", message.text).release()));
    auto alternative = multipart("alternative", boundary(message, "alt"));
    add(alternative.get(), text_part("plain", message.text));
    if (!message.html.empty()) add(alternative.get(), text_part("html", message.html));
    if (message.calendar.empty()) return Owned<GMimeObject>(GMIME_OBJECT(alternative.release()));
    add(alternative.get(), calendar_part(message));
    auto mixed = multipart("mixed", boundary(message, "mix"));
    g_mime_multipart_add(mixed.get(), GMIME_OBJECT(alternative.get()));
    add(mixed.get(), attached_calendar(message));
    return Owned<GMimeObject>(GMIME_OBJECT(mixed.release()));
}

void add_mailbox(InternetAddressList* list, const std::string& name, const MemberId& address) {
    const std::string shown = one_line(name, longest_name);
    const Owned<InternetAddress> mailbox(
        internet_address_mailbox_new(shown.empty() ? nullptr : shown.c_str(), address.email().c_str()));
    internet_address_set_charset(mailbox.get(), "utf-8");
    internet_address_list_add(list, mailbox.get());
}

void set_header(GMimeMessage* mail, const char* name, const char* value) {
    g_mime_object_set_header(GMIME_OBJECT(mail), name, value, "utf-8");
}

std::string bytes_of(GMimeMessage* mail) {
    const std::unique_ptr<GMimeFormatOptions, FreeFormat> format(g_mime_format_options_new());
    g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
    GByteArray* array = g_byte_array_new();
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_byte_array(array));  // owns the array
    g_mime_object_write_to_stream(GMIME_OBJECT(mail), format.get(), stream.get());
    g_mime_stream_flush(stream.get());
    return {reinterpret_cast<const char*>(array->data), array->len};
}

}  // namespace

std::string message_id(const OutboxMessage& message, const MemberId& sender) {
    return '<' + message.id + '@' + sender.email().substr(sender.email().rfind('@') + 1) + '>';
}

std::string compose(const OutboxMessage& message, const Sender& sender) {
    assert(!message.recipient.empty() && !sender.address.empty());
    ensure_gmime_is_ready();
    const Owned<GMimeMessage> mail(g_mime_message_new(FALSE));
    add_mailbox(g_mime_message_get_addresses(mail.get(), GMIME_ADDRESS_TYPE_FROM), sender.name,
                sender.address);
    add_mailbox(g_mime_message_get_addresses(mail.get(), GMIME_ADDRESS_TYPE_TO), message.recipient_name,
                message.recipient);
    g_mime_message_set_subject(mail.get(), one_line(message.subject, longest_subject).c_str(), "utf-8");
    GDateTime* const date = g_date_time_new_from_unix_utc(message.created_at.time_since_epoch().count());
    g_mime_message_set_date(mail.get(), date);
    g_date_time_unref(date);
    const std::string id = message_id(message, sender.address);
    g_mime_message_set_message_id(mail.get(), id.substr(1, id.size() - 2).c_str());
    set_header(mail.get(), "MIME-Version", "1.0");
    if (message.calendar.empty()) set_header(mail.get(), "Auto-Submitted", "auto-generated");
    set_header(mail.get(), "X-Auto-Response-Suppress", "OOF, AutoReply");

    const Owned<GMimeObject> body = body_of(message);
    g_mime_message_set_mime_part(mail.get(), body.get());
    return bytes_of(mail.get());
}

}  // namespace watchbill::mail
