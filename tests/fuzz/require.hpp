#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string_view>

namespace byot::fuzz {

/// Ends the run with the place of the broken promise, so that the fuzzer keeps the input.
inline void require(bool is_kept, std::source_location where = std::source_location::current()) {
    if (is_kept) return;
    std::fprintf(stderr, "broken at %s:%u\n", where.file_name(), static_cast<unsigned>(where.line()));
    std::abort();
}

/// Whether a view lies in the bytes that it was made from; an empty one may lie anywhere.
inline bool is_within(std::string_view part, std::string_view whole) {
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

} // namespace byot::fuzz
