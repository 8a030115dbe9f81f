// A file descriptor that is closed with its owner. Not thread-safe.
#pragma once

#include <string_view>

namespace watchbill {

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

// To a file, which takes all of them or fails. False: it failed, for the reason in errno.
bool write_all(const Descriptor& file, std::string_view bytes);

}  // namespace watchbill
