#include "http/page_assets.h"

#include <algorithm>
#include <cassert>

namespace watchbill::http {

const Asset* find_asset(std::string_view name) {
    const auto assets = page_assets();
    const auto found =
        std::find_if(assets.begin(), assets.end(), [name](const Asset& asset) { return asset.name == name; });
    return found == assets.end() ? nullptr : &*found;
}

std::string_view asset_text(std::string_view name) {
    const Asset* asset = find_asset(name);
    assert(asset != nullptr && "the page's own files are there");
    return asset->bytes;
}

std::string assets_path() { return "/assets/" + std::string(assets_version()) + "/"; }

}  // namespace watchbill::http
