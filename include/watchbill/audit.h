// The log of who changed what.
#pragma once

#include <string>

#include "watchbill/time.h"

namespace watchbill {

// What somebody changed, for those who ask later. Written in the transaction of the change itself.
struct AuditEntry {
    Instant at;
    std::string who;     // "token:ops bot", "cli:alice": never a secret
    std::string from;    // the peer's address, "" where there is none
    std::string team;    // "" for what concerns the whole server
    std::string action;  // a name scripts see: "override.set"
    std::string what;    // a sentence for people
    bool operator==(const AuditEntry&) const = default;
};

}  // namespace watchbill
