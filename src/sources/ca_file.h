// Whose certificates are trusted. Internal to src/sources.
#pragma once

#include "sources/http_source.h"

namespace watchbill {

// Where `options` name no CA file, with that of the environment's SSL_CERT_FILE, as OpenSSL's own tools do.
HttpOptions with_ca_file(HttpOptions options);

}  // namespace watchbill
