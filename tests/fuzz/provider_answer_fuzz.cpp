// Whatever a provider answers is read to its end, and only a status that may refuse or accept a key does.

#include "fuzz/require.hpp"
#include "providers/verdict.hpp"

#include <cstdint>

using namespace byot::providers;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const auto provider : {"googleai", "openai", "anthropic", "another"}) {
        byot::fuzz::require(judge(provider, 200, body) == verdict::accepted);
        byot::fuzz::require(judge(provider, 429, body) == verdict::exhausted);
        byot::fuzz::require(judge(provider, 302, body) == verdict::unreachable);
        byot::fuzz::require(judge(provider, 503, body) == verdict::unreachable);
        for (const unsigned status : {400u, 401u, 403u}) {
            const auto said = judge(provider, status, body);
            byot::fuzz::require(said == verdict::refused || said == verdict::unreachable);
            byot::fuzz::require(status != 400 || said == verdict::unreachable ||
                                provider == std::string_view("googleai"));
        }
    }
    return 0;
}
