// Mail as tests need it: a server that does as it is told, a reader of mails that are calendars already, and
// somebody who knows of one event.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "watchbill/ports.h"
#include "watchbill/replies.h"

namespace watchbill::test {

// Accepts all unless told otherwise; remembers the ids that it was given.
class FakeTransport final : public MessageTransport {
public:
    std::function<DeliveryReport(const OutboxMessage&)> answer = [](const OutboxMessage&) {
        return DeliveryReport{};
    };
    std::vector<std::string> given;
    int batches = 0;

    DeliveryReport deliver(const OutboxMessage& message, const std::stop_token&) override {
        given.push_back(message.id);
        return answer(message);
    }
    void end_batch() override { ++batches; }
    Duration longest_delivery() const override { return Duration(60); }
};

// "FROM\nMETHOD\nCALENDAR"; anything shorter is refused as "no_calendar", "bounce" as one.
class FakeMailReader final : public MailReader {
public:
    tl::expected<ReceivedMail, MailRefusal> read(std::string_view bytes) const override {
        if (bytes == "bounce") return tl::unexpected(MailRefusal{"bounce", "a report"});
        const size_t first = bytes.find('\n');
        const size_t second = bytes.find('\n', first + 1);
        if (first == std::string_view::npos || second == std::string_view::npos)
            return tl::unexpected(MailRefusal{"no_calendar", "no calendar part"});
        ReceivedMail mail;
        mail.from = MemberId::parse(bytes.substr(0, first)).value();
        mail.method = std::string(bytes.substr(first + 1, second - first - 1));
        mail.calendar = std::string(bytes.substr(second + 1));
        return mail;
    }
};

// Knows the event "known@watchbill".
class FakeTaker final : public ReplyTaker {
public:
    std::vector<InvitationReply> taken;
    bool failing = false;
    ErrorCode code = ErrorCode::unavailable;  // with which it fails

    Result<std::optional<ReplyVerdict>> take(const InvitationReply& reply, Instant) override {
        if (failing) return fail(code, "the disk is full", "watchbill.db");
        if (reply.uid != "known@watchbill") return std::nullopt;
        taken.push_back(reply);
        return ReplyVerdict{true, "accepted", "Bob has accepted", "payments", "2026-17"};
    }
};

inline std::string reply_mail(const std::string& from, const std::string& attendee,
                              const std::string& uid = "known@watchbill",
                              const std::string& method = "REPLY") {
    return from + "\n" + method + "\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:" + uid +
           "\r\nDTSTAMP:20260302T141500Z\r\nDTSTART:20260302T140500Z\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:" +
           attendee + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}

}  // namespace watchbill::test
