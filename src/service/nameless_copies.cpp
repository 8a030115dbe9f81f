#include "service/nameless_copies.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

namespace watchbill {

namespace {

int open_in(const std::string& folder) {
    constexpr mode_t owner_only = 0600;
    // O_EXCL: nor can it be given a name later.
    return ::open(folder.c_str(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, owner_only);
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<size_t>(written));
    }
    return true;
}

}  // namespace

NamelessCopies::~NamelessCopies() {
    for (const int descriptor : descriptors_) ::close(descriptor);
}

// Takes the descriptor. False where it is none, or not all bytes go in.
bool NamelessCopies::add(int descriptor, std::string_view bytes) {
    if (descriptor < 0) return false;
    descriptors_.push_back(descriptor);
    if (write_all(descriptor, bytes)) return true;
    ::close(descriptor);
    descriptors_.pop_back();
    return false;
}

std::unique_ptr<const NamelessCopies> NamelessCopies::make(std::string_view bytes, size_t count,
                                                           const std::string& folder) {
    assert(count > 0);
    std::unique_ptr<NamelessCopies> copies(new NamelessCopies());
    copies->descriptors_.reserve(count);  // a push_back that threw would lose what it is given
    for (; count > 0; --count) {
        const bool added = copies->add(open_in(folder), bytes) ||
                           copies->add(::memfd_create("watchbill", MFD_CLOEXEC), bytes);
        if (!added) return nullptr;
    }
    return copies;
}

}  // namespace watchbill
