// Whose request it is, by a second reading of X-Forwarded-For; and nothing that a client puts in front of
// what trusted proxies add changes it. The input is the hops, the peer, a newline and the field.

#include "fuzz/require.hpp"
#include "limits/client_address.hpp"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <optional>
#include <regex>
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

/// The address of an entry, with the port, the zone and what Forwarded writes around it taken off.
std::optional<std::string> address_in(std::string entry) {
    static const std::regex forwarded(R"(for=([^;]*)[\s\S]*)", std::regex::icase);
    static const std::regex quoted(R"re("([\s\S]*)")re");
    static const std::regex bracketed(R"(\[([^\]]*:[^\]]*)\](:([0-9]{0,5}|_[-._~%A-Za-z0-9]+))?)");
    static const std::regex zoned("([^%]*:[^%]*)%[-._~%A-Za-z0-9]+");
    static const std::regex ported(
        R"((([\s\S]*\.[\s\S]*)|([^:]+:){7}[^:]+):([0-9]{0,5}|_[-._~%A-Za-z0-9]+))");
    std::smatch parts;
    if (std::regex_match(entry, parts, forwarded)) entry = entries_of(parts.str(1)).back();
    if (std::regex_match(entry, parts, quoted)) entry = parts.str(1);
    const bool is_bracketed = std::regex_match(entry, parts, bracketed);
    auto node = is_bracketed ? parts.str(1) : entry;
    if (node.starts_with('[')) return {};
    std::string whole = node;
    if (std::regex_match(whole, parts, zoned)) {
        const auto address = parts.str(1);
        in6_addr bytes{};
        const bool is_v6 = address.find('\0') == std::string::npos &&
                           inet_pton(AF_INET6, address.c_str(), &bytes) == 1 && !IN6_IS_ADDR_V4MAPPED(&bytes);
        if (is_v6) return canonical(address);
        if (is_bracketed) return {};
    }
    if (auto plain = canonical(node)) return plain;
    if (!is_bracketed && std::regex_match(whole, parts, ported)) return canonical(parts.str(1));
    return {};
}

std::string address_of_peer(const std::string& peer) {
    static const std::regex zoned("([^%]*:[^%]*)%[-._~%A-Za-z0-9]+");
    std::smatch parts;
    if (!std::regex_match(peer, parts, zoned)) return canonical(peer).value_or(peer);
    const auto found = canonical(parts.str(1));
    return found && found->find(':') != std::string::npos ? *found : peer;
}

std::string expected(const std::string& peer, const std::vector<std::string>& entries, unsigned hops) {
    if (hops > 0 && hops <= entries.size()) {
        if (const auto named = address_in(entries[entries.size() - hops])) return *named;
    }
    return address_of_peer(peer);
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
    const auto read = limits::client_address(peer, field, hops);
    const auto& found = read.address;
    if (text.size() > 500) return 0; // regular expressions recurse
    fuzz::require(found == expected(peer, entries, hops));
    fuzz::require(read.fault == limits::forwarding_fault::none ||
                  (hops > 0 && found == address_of_peer(peer)));
    fuzz::require(limits::client_address(found, "", hops).address == found);
    if (hops <= entries.size() && !field.empty())
        fuzz::require(limits::client_address(peer, "10.9.8.7, " + field, hops).address == found);

    const auto bucket = limits::bucket_name(found);
    fuzz::require(bucket == canonical(found, true).value_or(found));
    return 0;
}
