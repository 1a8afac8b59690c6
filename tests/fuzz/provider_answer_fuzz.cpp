// Whatever a provider answers is read to its end, and says of a key only what one of its statements says
// under that status.

#include "core/provider_table.hpp"
#include "fuzz/require.hpp"
#include "providers/verdict.hpp"

#include <algorithm>
#include <cstdint>

using namespace byot;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const auto& asked : provider_table) {
        for (const unsigned status : {0u, 200u, 302u, 400u, 401u, 402u, 403u, 429u, 503u}) {
            const auto said = providers::judge(asked, status, body);
            const bool has_words = std::any_of(
                asked.statements.begin(), asked.statements.end(),
                [&](const provider_statement& row) { return row.status == status && row.says == said; });
            fuzz::require(said == key_verdict::unreachable || (has_words && body.find('{') != body.npos));
        }
    }
    return 0;
}
