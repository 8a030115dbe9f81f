#include "sources/ca_file.h"

#include <cstdlib>

namespace watchbill {

HttpOptions with_ca_file(HttpOptions options) {
    if (options.ca_file.empty()) {
        if (const char* file = std::getenv("SSL_CERT_FILE"); file != nullptr) options.ca_file = file;
    }
    return options;
}

}  // namespace watchbill
