#include "google/firestore_value.hpp"

#include <cmath>

namespace byot::google {

bool firestore_value::operator==(const firestore_value& other) const {
    const auto* const mine = as<double>();
    const auto* const theirs = other.as<double>();
    if (mine && theirs && std::isnan(*mine) && std::isnan(*theirs)) return true;
    return kind_ == other.kind_;
}

} // namespace byot::google
