#pragma once

#include <string_view>

namespace byot::relay {

/// The HTTP status that a google.rpc.Code stands for, by its name, as Genkit's servers map it (499 for
/// CANCELLED). 500 for a name that is none, and for OK: an error that says so has failed all the same.
unsigned http_status_of(std::string_view rpc_status) noexcept;

} // namespace byot::relay
