// The small texts that a request brings: a query, a traceparent, the id of a stream. What is encoded is found
// again as it was, and nobody's signature is anybody else's.

#include "api/key_input.hpp"
#include "core/encoding.hpp"
#include "fuzz/require.hpp"
#include "telemetry/trace_context.hpp"
#include "vault/stream_ids.hpp"

#include <sodium.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace byot;

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char& c : text) encoded += '%' + hex_encode(as_bytes({&c, 1}));
    return encoded;
}

void check_query(std::string_view bytes) {
    const auto found = api::query_parameter(bytes, "provider");
    const auto once = "provider=" + percent_encoded(bytes);
    const auto own = api::query_parameter(once, "provider");
    fuzz::require(own.has_value() && *own == bytes);
    fuzz::require(api::query_parameter(once + '&' + once, "provider").has_error());
    const auto behind = api::query_parameter(std::string(bytes) + "&provider=p", "provider");
    if (found.has_error()) {
        fuzz::require(found.error().why() == reason::field_invalid && behind.has_error());
    } else {
        fuzz::require(found->has_value() == behind.has_error());
    }
}

void check_trace(std::string_view bytes) {
    const auto trace = telemetry::parse_traceparent(bytes);
    if (!trace) return;
    fuzz::require(fuzz::is_within(trace->trace_id, bytes) && fuzz::is_within(trace->span_id, bytes));
    const auto version = std::string(bytes.substr(0, 2));
    const auto same = version + '-' + std::string(trace->trace_id) + '-' + std::string(trace->span_id) + '-';
    fuzz::require(bytes.starts_with(same) && version != "ff" && bytes.size() >= same.size() + 2);
    const auto flags = std::stoul(std::string(bytes.substr(same.size(), 2)), nullptr, 16);
    fuzz::require(trace->is_sampled == ((flags & 1) != 0));
    fuzz::require(version != "00" || !telemetry::parse_traceparent(std::string(bytes) + "-"));
    fuzz::require(!telemetry::parse_traceparent(bytes.substr(0, bytes.size() - 1)) || bytes.size() > 55);
}

vault::keyring make_ring() {
    std::vector<vault::keyring_entry> entries;
    entries.push_back(vault::make_entry(wall_time(std::chrono::seconds(1))));
    entries.push_back(vault::make_entry(wall_time(std::chrono::seconds(2))));
    return vault::keyring(std::move(entries));
}

void check_stream_id(std::string_view bytes) {
    static const auto ring = make_ring();
    static const user_id ann("ann");
    fuzz::require(!vault::check_stream_id(ring, ann, bytes)); // nobody guesses a MAC
    const auto id = vault::sign_stream_id(ring, ann, bytes);
    fuzz::require(vault::check_stream_id(ring, ann, id) == bytes);
    fuzz::require(!vault::check_stream_id(ring, user_id("ben"), id));
    fuzz::require(!vault::check_stream_id(ring, ann, id + "A"));
    fuzz::require(!vault::check_stream_id(ring, ann, "x" + id));
    const auto moved = vault::sign_stream_id(ring, user_id("ann" + std::string(bytes)), "");
    fuzz::require(bytes.empty() || !vault::check_stream_id(ring, ann, std::string(bytes) + moved));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool is_ready = sodium_init() >= 0;
    fuzz::require(is_ready);
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_query(bytes);
    check_trace(bytes);
    check_stream_id(bytes);
    return 0;
}
