// GMime's handles with owners, and its start. Internal to src/mail.
#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <string>
#include <string_view>

namespace watchbill::mail {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <typename Object>
using Owned = std::unique_ptr<Object, Unref>;

struct FreeText {
    void operator()(char* text) const { g_free(text); }
};
using OwnedText = std::unique_ptr<char, FreeText>;

// To be called before anything of GMime's; any thread, any number of times.
void ensure_gmime_is_ready();

// Valid UTF-8 on one line: as it shows (words/plain_text.h), blanks around it go, at most `longest` bytes.
std::string one_line(std::string_view text, size_t longest);

}  // namespace watchbill::mail
