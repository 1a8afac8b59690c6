#pragma once

#include <span>
#include <string_view>

namespace byot::api::openapi {

/// One member of an object, and whether it is always there.
struct member {
    std::string_view name;
    std::string_view schema; ///< JSON text
    std::string_view meaning;
    bool is_required = true;
};

/// An object and its members.
struct shape {
    std::string_view name;
    std::string_view meaning;
    std::span<const member> members;
};

/// Every object that the service takes or gives.
std::span<const shape> shapes() noexcept;

} // namespace byot::api::openapi
