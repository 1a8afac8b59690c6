#pragma once

#include "core/user_id.hpp"

#include <string>
#include <utility>

namespace byot::vault::testing {

/// A user, in a test told by a uid alone where there is no tenant.
struct whose : user_id {
    whose(const char* uid) : user_id(std::string_view(uid)) {}
    whose(const std::string& uid) : user_id(std::string_view(uid)) {}
    whose(user_id who) : user_id(std::move(who)) {}
};

} // namespace byot::vault::testing
