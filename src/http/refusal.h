// Why a request is not handled. A value.
#pragma once

#include <string>

namespace watchbill::http {

// The answer, after which the connection ends.
struct Refusal {
    int status = 400;
    std::string detail;  // one sentence for whoever sent it
};

inline Refusal body_too_large(size_t most) {
    return {413, "The request's body is larger than " + std::to_string(most / 1024) + " KB."};
}

}  // namespace watchbill::http
