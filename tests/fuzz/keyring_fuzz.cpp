// A keyring that is read can be used, and written and read again it is the same; a problem never repeats what
// the file holds.

#include "fuzz/require.hpp"
#include "vault/key_record.hpp"
#include "vault/keyring_format.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace {

using namespace byot;
using namespace byot::vault;

void check_use(const keyring_entry& entry) {
    const user_id whose("u");
    const auto sealed = seal_key(entry, whose, "p", secret::copy_of("k"));
    fuzz::require(entry.box_secret.empty() || open_sealed(entry, whose, "p", sealed).has_value());
    if (entry.sign_secret.empty()) return;
    key_record record;
    sign(entry, whose, record);
}

void check_round_trip(const keyring& ring) {
    const auto text = serialize_keyring(ring, keyring_part::whole);
    const auto again = parse_keyring(text.expose());
    fuzz::require(again.has_value());
    fuzz::require(serialize_keyring(*again, keyring_part::whole).expose() == text.expose());
    fuzz::require(again->newest().id == ring.newest().id && ring.newest().is_active);
}

// Problems are made of ASCII words of ours, and short.
void check_says_nothing(const keyring_problem& problem, std::string_view text) {
    fuzz::require(problem.message.size() < 120);
    for (const char& c : text) {
        if (static_cast<unsigned char>(c) >= 0x80)
            fuzz::require(problem.message.find(c) == std::string::npos);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool is_ready = sodium_init() >= 0;
    fuzz::require(is_ready);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto ring = parse_keyring(text);
    if (!ring) {
        check_says_nothing(ring.error(), text);
        return 0;
    }
    for (const auto& entry : ring->entries()) check_use(entry);
    check_round_trip(*ring);
    return 0;
}
