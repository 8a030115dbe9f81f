#include "http/action_problem.h"

#include "http/problem.h"

namespace watchbill::http {

Response problem_of(const ActionError& refused) {
    const Error& error = refused.error;
    const bool unprocessable = error.code == ErrorCode::invalid_input || error.code == ErrorCode::too_large;
    const int status = unprocessable ? 422 : status_of(error.code);
    return status >= 500 ? problem(error) : problem(status, refused.code, error.message);
}

}  // namespace watchbill::http
