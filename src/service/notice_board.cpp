#include "service/notice_board.h"

#include <mutex>

namespace watchbill {

std::shared_ptr<const TeamNotice> NoticeBoard::find(std::string_view team) const {
    const std::shared_lock lock(mutex_);
    const auto found = notices_.find(team);
    return found == notices_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const TeamNotice>> NoticeBoard::all() const {
    const std::shared_lock lock(mutex_);
    std::vector<std::shared_ptr<const TeamNotice>> notices;
    notices.reserve(notices_.size());
    for (const auto& [name, notice] : notices_) notices.push_back(notice);
    return notices;
}

void NoticeBoard::post(std::shared_ptr<const TeamNotice> notice) {
    const std::lock_guard lock(mutex_);
    // The old notice dies outside the lock only if a reader still holds it; it is small either way.
    notices_.insert_or_assign(notice->team->name, std::move(notice));
}

void NoticeBoard::remove(std::string_view team) {
    const std::lock_guard lock(mutex_);
    if (const auto found = notices_.find(team); found != notices_.end()) notices_.erase(found);
}

}  // namespace watchbill
