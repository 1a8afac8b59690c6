// Whose request it is, by a second reading of X-Forwarded-For; and nothing that a client puts in front of
// what trusted proxies add changes it. The input is the hops, the peer, a newline and the field.

#include "fuzz/require.hpp"
#include "limits/client_address.hpp"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace byot;

std::optional<std::string> canonical(const std::string& text, bool is_network = false) {
    in6_addr bytes{};
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (text.find('\0') != std::string::npos) return {};
    if (inet_pton(AF_INET, text.c_str(), &bytes) == 1)
        return inet_ntop(AF_INET, &bytes, out.data(), out.size());
    if (inet_pton(AF_INET6, text.c_str(), &bytes) != 1) return {};
    if (IN6_IS_ADDR_V4MAPPED(&bytes)) return inet_ntop(AF_INET, &bytes.s6_addr[12], out.data(), out.size());
    if (!is_network) return inet_ntop(AF_INET6, &bytes, out.data(), out.size());
    for (std::size_t i = 8; i < 16; ++i) bytes.s6_addr[i] = 0;
    return std::string(inet_ntop(AF_INET6, &bytes, out.data(), out.size())) + "/64";
}

std::vector<std::string> entries_of(std::string_view field) {
    std::vector<std::string> entries{""};
    for (const char c : field) {
        if (c == ',') {
            entries.emplace_back();
        } else {
            entries.back() += c;
        }
    }
    for (auto& entry : entries) {
        while (!entry.empty() && (entry.back() == ' ' || entry.back() == '\t')) entry.pop_back();
        while (!entry.empty() && (entry.front() == ' ' || entry.front() == '\t')) entry.erase(0, 1);
    }
    return entries;
}

std::string expected(const std::string& peer, const std::vector<std::string>& entries, unsigned hops) {
    if (hops > 0 && hops <= entries.size()) {
        if (const auto named = canonical(entries[entries.size() - hops])) return *named;
    }
    return canonical(peer).value_or(peer);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const unsigned hops = data[0] % 17;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto newline = std::min(text.find('\n'), text.size());
    const auto peer = text.substr(0, newline);
    const auto field = text.substr(std::min(newline + 1, text.size()));

    const auto entries = entries_of(field);
    const auto found = limits::client_address(peer, field, hops);
    fuzz::require(found == expected(peer, entries, hops));
    fuzz::require(limits::client_address(found, "", hops) == found);
    if (hops <= entries.size())
        fuzz::require(limits::client_address(peer, "10.9.8.7, " + field, hops) == found);

    const auto bucket = limits::bucket_name(found);
    fuzz::require(bucket == canonical(found, true).value_or(found));
    return 0;
}
