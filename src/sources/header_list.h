// Headers of a request as libcurl takes them. Internal to src/sources.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <new>
#include <string>

namespace watchbill {

struct FreeHeaderList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeHeaderList>;

inline void append(HeaderList& list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
}

}  // namespace watchbill
