// Any bytes at all, read as a mail and its calendar part as an answer: no crash, no leak, no time without
// end, and what comes out keeps its promises.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ical/invitation_reader.h"
#include "ical/reader.h"
#include "mail/receive.h"

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace watchbill;
    static const bool initialised = (ical::initialise(), true);
    require(initialised);
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto mail = mail::read_mail(bytes);
    if (!mail) {
        require(!mail.error().code.empty() && !mail.error().message.empty());
    } else {
        require(!mail->from.empty());
        require(mail->message_id.size() <= 200);
    }
    // Also the bytes themselves, so that the calendar is reached without a mail around it.
    const MemberId sender = mail ? mail->from : MemberId::parse("bob@example.com").value();
    for (const std::string_view calendar : {mail ? std::string_view(mail->calendar) : bytes, bytes}) {
        const auto reply = ical::read_reply(calendar, sender);
        if (reply) {
            require(!reply->uid.empty() && !reply->attendee.empty());
            require(reply->sender == sender);
        } else {
            require(!reply.error().message.empty());
        }
        if (const auto stored = ical::read_invitation(calendar)) require(!stored->uid.empty());
    }
    return 0;
}
