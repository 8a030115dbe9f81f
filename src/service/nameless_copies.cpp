#include "service/nameless_copies.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cassert>
#include <utility>

namespace watchbill {

namespace {

// Not open where they cannot be there.
Descriptor in_folder(const std::string& folder, std::string_view bytes) {
    constexpr mode_t owner_only = 0600;
    // O_EXCL: nor can it be given a name later.
    Descriptor file(::open(folder.c_str(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, owner_only));
    return file.is_open() && write_all(file, bytes) ? std::move(file) : Descriptor();
}

Descriptor in_memory(std::string_view bytes) {
    Descriptor file(::memfd_create("watchbill", MFD_CLOEXEC));
    return file.is_open() && write_all(file, bytes) ? std::move(file) : Descriptor();
}

}  // namespace

std::unique_ptr<const NamelessCopies> NamelessCopies::make(std::string_view bytes, size_t count,
                                                           const std::string& folder) {
    assert(count > 0);
    std::unique_ptr<NamelessCopies> copies(new NamelessCopies());
    for (; count > 0; --count) {
        Descriptor file = in_folder(folder, bytes);
        if (!file.is_open()) file = in_memory(bytes);
        if (!file.is_open()) return nullptr;
        copies->files_.push_back(std::move(file));
    }
    return copies;
}

}  // namespace watchbill
