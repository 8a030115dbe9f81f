#include "vocabulary/name_table.h"
#include "watchbill/swap.h"

namespace watchbill {

namespace {

constexpr Names<SwapKind, 2> kind_names{{
    {SwapKind::swap, "swap"},
    {SwapKind::cover, "cover"},
}};

constexpr Names<SwapState, 6> state_names{{
    {SwapState::proposed, "proposed"},
    {SwapState::accepted, "accepted"},
    {SwapState::applied, "applied"},
    {SwapState::refused, "refused"},
    {SwapState::withdrawn, "withdrawn"},
    {SwapState::expired, "expired"},
}};

constexpr Names<SwapReason, 18> swap_reason_names{{
    {SwapReason::none, "none"},
    {SwapReason::event_gone, "event_gone"},
    {SwapReason::declined, "declined"},
    {SwapReason::consent_gone, "consent_gone"},
    {SwapReason::built_on, "built_on"},
    {SwapReason::not_your_shift, "not_your_shift"},
    {SwapReason::not_theirs, "not_theirs"},
    {SwapReason::no_shift_to_give, "no_shift_to_give"},
    {SwapReason::nobody_named, "nobody_named"},
    {SwapReason::several_named, "several_named"},
    {SwapReason::ambiguous_date, "ambiguous_date"},
    {SwapReason::ambiguous_shift, "ambiguous_shift"},
    {SwapReason::too_late, "too_late"},
    {SwapReason::too_far, "too_far"},
    {SwapReason::absent, "absent"},
    {SwapReason::resting, "resting"},
    {SwapReason::neighbour, "neighbour"},
    {SwapReason::unknown_person, "unknown_person"},
}};

constexpr Names<SwapConsent, 6> consent_names{{
    {SwapConsent::none, "none"},
    {SwapConsent::own_event, "own_event"},
    {SwapConsent::like_event, "like_event"},
    {SwapConsent::matching_event, "matching_event"},
    {SwapConsent::reply, "reply"},
    {SwapConsent::organizer_copy, "organizer_copy"},
}};

}  // namespace

std::string_view swap_kind_name(SwapKind kind) { return name_of(kind_names, kind); }
std::string_view swap_state_name(SwapState state) { return name_of(state_names, state); }
std::string_view swap_reason_name(SwapReason reason) { return name_of(swap_reason_names, reason); }
std::string_view swap_consent_name(SwapConsent consent) { return name_of(consent_names, consent); }
std::optional<SwapKind> swap_kind_from_name(std::string_view name) { return value_of(kind_names, name); }
std::optional<SwapState> swap_state_from_name(std::string_view name) { return value_of(state_names, name); }
std::optional<SwapReason> swap_reason_from_name(std::string_view name) {
    return value_of(swap_reason_names, name);
}
std::optional<SwapConsent> swap_consent_from_name(std::string_view name) {
    return value_of(consent_names, name);
}

}  // namespace watchbill
