// A person's identity: the e-mail address, compared without case and without "mailto:".
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace watchbill {

class MemberId {
public:
    MemberId() = default;

    // Accepts "Alice@Example.com", "mailto:alice@example.com", "MAILTO:..." with blanks around.
    // Nothing when the text has no local part, no "@", no domain, a blank or a control character inside,
    // or more than 254 bytes (RFC 5321 4.5.3.1.3).
    static std::optional<MemberId> parse(std::string_view text);

    const std::string& email() const { return email_; }  // lower case, without scheme
    bool empty() const { return email_.empty(); }
    auto operator<=>(const MemberId&) const = default;

private:
    std::string email_;
};

}  // namespace watchbill
