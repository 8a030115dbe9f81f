// Bytes in a file without a name, which the kernel sends from where it keeps them (sendfile(2)) instead of
// copying them for every reader. Nobody else can open it, and it is gone with its last reader. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace watchbill {

class NamelessFile {
public:
    // In `folder` where files without a name can be made there, else in memory; it pays most in a folder on a
    // disk, whose pages the kernel keeps in larger pieces than those of memory files. Null where neither has
    // room.
    static std::shared_ptr<const NamelessFile> make(std::string_view bytes,
                                                    const std::string& folder = "/tmp");
    ~NamelessFile();
    NamelessFile(const NamelessFile&) = delete;
    NamelessFile& operator=(const NamelessFile&) = delete;

    int descriptor() const { return descriptor_; }  // for as long as this lives

private:
    explicit NamelessFile(int descriptor) : descriptor_(descriptor) {}
    static std::shared_ptr<const NamelessFile> fill(int descriptor, std::string_view bytes);

    const int descriptor_;
};

}  // namespace watchbill
