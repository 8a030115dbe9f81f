// Where SOCI's exceptions end: each becomes an Error with a sentence saying what to do.
#pragma once

#include <soci/soci.h>

#include <exception>
#include <string>
#include <utility>

#include "watchbill/result.h"

namespace watchbill::store {

// Thrown inside a transaction, so that it rolls back, and caught by `guarded`.
struct Failure {
    Error error;
};

// `place` names the database for people: a path, never a URL with a password.
Error database_error(const soci::soci_error& error, const std::string& place);
Error damaged_database(const std::string& what, const std::string& place);

// The same error, naming the database.
inline tl::unexpected<Error> at_place(Error error, const std::string& place) {
    error.where = place;
    return tl::unexpected<Error>(std::move(error));
}

// Calls `work` and turns whatever SOCI (or our own Failure) throws into a value.
template <typename Work>
auto guarded(const std::string& place, Work&& work) -> decltype(work()) {
    try {
        return std::forward<Work>(work)();
    } catch (const Failure& failure) {
        return tl::unexpected<Error>(failure.error);
    } catch (const soci::soci_error& error) {
        return tl::unexpected<Error>(database_error(error, place));
    }
}

}  // namespace watchbill::store
