#pragma once

#include "core/provider.hpp"

#include <string_view>

namespace byot::providers {

using verdict = key_verdict;

/// As `x-byot-key-check` carries it: "accepted".
std::string_view name_of(verdict said) noexcept;

/// Reads the answer to the provider's question, by its statements: the first whose status is the answer's and
/// whose conditions its JSON object (strict, whole, UTF-8) meets. Anything else says nothing of the key:
/// `unreachable`.
verdict judge(const provider& asked, unsigned status, std::string_view body);

} // namespace byot::providers
