// Credentials that are read can be used: what they are asked with is not empty, and goes over TLS or stays on
// this machine. A problem never repeats what the file holds.

#include "fuzz/require.hpp"
#include "google/credentials.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace {

using namespace byot;
using namespace byot::google;

void check_address(const url& address) {
    fuzz::require(address.origin.is_tls || is_loopback(address.origin.host));
    fuzz::require(!address.origin.host.empty());
}

void check(const service_account& account) {
    fuzz::require(!account.client_email.empty() && !account.private_key.empty());
    check_address(account.token_uri);
}
void check(const authorized_user& user) {
    fuzz::require(!user.client_id.empty() && !user.client_secret.empty() && !user.refresh_token.empty());
    check_address(user.token_uri);
}
void check(const metadata_server&) {
    fuzz::require(false); // no file says so
}

// Problems are ASCII words of ours, and short.
void check_says_nothing(const std::string& message) {
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    fuzz::require(message.size() < 130 && std::all_of(message.begin(), message.end(), is_ascii));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool is_ready = sodium_init() >= 0;
    fuzz::require(is_ready);
    const auto text = secret::copy_of({reinterpret_cast<const char*>(data), size});
    const auto parsed = parse_credentials(text);
    if (parsed) {
        std::visit([](const auto& found) { check(found); }, *parsed);
    } else {
        check_says_nothing(parsed.error().message);
    }
    return 0;
}
