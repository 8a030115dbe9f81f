#include "service/gzip.h"

#include <zlib.h>

#include <cassert>
#include <limits>
#include <new>

namespace watchbill {

namespace {

struct Deflater {
    z_stream stream{};
    Deflater() {
        constexpr int window_bits_with_gzip_header = 15 + 16;
        constexpr int default_memory_level = 8;
        // The level costs once a change, the size once a request.
        if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits_with_gzip_header,
                         default_memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ~Deflater() { deflateEnd(&stream); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
};

}  // namespace

std::string gzip(std::string_view bytes) {
    assert(bytes.size() < std::numeric_limits<uInt>::max() / 2);
    Deflater deflater;
    z_stream& stream = deflater.stream;
    std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    // zlib's interface is older than const: it does not write through next_in.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    [[maybe_unused]] const int outcome = deflate(&stream, Z_FINISH);
    assert(outcome == Z_STREAM_END && "deflateBound promised enough room");
    packed.resize(packed.size() - stream.avail_out);
    return packed;
}

}  // namespace watchbill
