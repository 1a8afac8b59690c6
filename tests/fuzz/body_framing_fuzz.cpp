// A body means the same however it arrives, and what a relay passes on of it too. The first byte chooses the
// framing.

#include "fuzz/framing_walk.hpp"
#include "http/body_framing.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using byot::http::body_framing;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 8) {
    case 0:
        byot::fuzz::walk_every_way(body_framing::of_length(data[0] / 8u * 10u), bytes);
        break;
    case 1:
        byot::fuzz::walk_every_way(body_framing::until_close(), bytes);
        break;
    default:
        byot::fuzz::walk_every_way(body_framing::chunked(), bytes);
    }
    return 0;
}
