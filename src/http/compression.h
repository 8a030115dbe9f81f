// Answers that are made for one request, compressed where the client wants that: a plan of a large team is a
// megabyte of JSON, which a phone would wait for.
#pragma once

#include "http/message.h"

namespace watchbill::http {

// JSON and HTML of some size, unless it is compressed or named by an ETag, which would name other bytes then.
void compress_for(const Request& request, Response& response);

}  // namespace watchbill::http
