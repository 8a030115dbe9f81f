// The requests by which a copy of a CalDAV collection is made and kept up to date. Internal to src/sources.
#pragma once

#include <string>
#include <vector>

#include "sources/caldav_copy.h"
#include "sources/dav_client.h"

namespace watchbill::dav {

// Not thread-safe; one for each fetch. The options must outlive it. Errors, without `where`: those of Client.
class CollectionReader {
public:
    static Result<CollectionReader> open(const CalendarRef& calendar, const HttpOptions& options);

    // Brings the copy from the state that its token names to the present one. False where the server does not
    // take that token (any more) or cannot say what changed: the copy is then good for nothing.
    Result<bool> sync(CollectionCopy& copy);

    // What the state is called now. Refused when the address is no calendar's.
    Result<StateToken> ask_for_state();
    // Everything that touches `span`; to be called after ask_for_state, whose state the copy then has.
    Result<CollectionCopy> query(Interval span);

private:
    explicit CollectionReader(Client client) : client_(std::move(client)) {}

    Result<void> query_events(Interval span, CollectionCopy& copy);
    // False where the server does not know how to answer it.
    Result<bool> query_with(std::string body, CollectionCopy& copy);
    // Puts into the copy what came with its bytes, takes out what is gone, and asks for the rest.
    Result<void> take(const std::vector<Resource>& resources, CollectionCopy& copy);
    Result<void> fetch_missing(const std::vector<std::string>& hrefs, CollectionCopy& copy);
    Result<void> fetch_batch(const std::vector<std::string>& hrefs, CollectionCopy& copy);
    Result<bool> is_collection_itself(const Resource& resource) const;

    Client client_;
    std::vector<std::string> components_;  // of those that we read, what the collection holds
};

}  // namespace watchbill::dav
