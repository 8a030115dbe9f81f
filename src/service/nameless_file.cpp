#include "service/nameless_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace watchbill {

NamelessFile::~NamelessFile() { ::close(descriptor_); }

// Takes the descriptor; null where it is none, or not all bytes go in.
std::shared_ptr<const NamelessFile> NamelessFile::fill(int descriptor, std::string_view bytes) {
    if (descriptor < 0) return nullptr;
    const std::shared_ptr<const NamelessFile> file(new NamelessFile(descriptor));
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return nullptr;
        bytes.remove_prefix(static_cast<size_t>(written));
    }
    return file;
}

std::shared_ptr<const NamelessFile> NamelessFile::make(std::string_view bytes, const std::string& folder) {
    constexpr mode_t owner_only = 0600;
    // O_EXCL: nor can it be given a name later.
    constexpr int nameless = O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC;
    if (auto file = fill(::open(folder.c_str(), nameless, owner_only), bytes)) return file;
    return fill(::memfd_create("watchbill", MFD_CLOEXEC), bytes);
}

}  // namespace watchbill
