// Bytes in files without a name, which the kernel sends from where it keeps them (sendfile(2)) instead of
// copying them for every reader. Nobody else can open them, and they are gone with their last reader.
//
// There are several copies, for threads that send at a time: the kernel counts who uses a page, and
// processors that count at the same pages wait for each other (tests/bench/front_door: some hundredths of all
// requests). Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/descriptor.h"

namespace watchbill {

class NamelessCopies {
public:
    // So many, at least one, in `folder` where files without a name can be made there, else in memory; they
    // pay most in a folder on a disk, whose pages the kernel keeps in larger pieces than those of memory
    // files. Null where neither has room for all of them.
    static std::unique_ptr<const NamelessCopies> make(std::string_view bytes, size_t count,
                                                      const std::string& folder = "/tmp");

    // That of a reader, numbered from 0; where there are more of them than copies, some share one. For as
    // long as this lives.
    int descriptor(size_t reader) const { return files_[reader % files_.size()].get(); }

private:
    NamelessCopies() = default;

    std::vector<Descriptor> files_;
};

}  // namespace watchbill
