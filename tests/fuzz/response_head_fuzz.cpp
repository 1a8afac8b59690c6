// As for a request's head: nothing is taken back, all views lie in the bytes, and the field lines that are
// visited are those that were scanned.

#include "fuzz/require.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"

#include <cstdint>
#include <string>

namespace {

using namespace byot;
using namespace byot::http;

void check(const response_head& head, std::string_view bytes) {
    fuzz::require(head.size <= bytes.size() && head.status >= 100 && head.status <= 599 &&
                  head.status != 101);
    const auto own = bytes.substr(0, head.size);
    fuzz::require(own.ends_with("\r\n\r\n") && fuzz::is_within(head.fields, own));
    fuzz::require(fuzz::is_within(head.content_type, own));
    fuzz::require(!head.body.is_until_close() || !head.keeps_alive);

    std::size_t visited = 0;
    std::size_t lines = 0;
    for_each_field(head.fields, [&](std::string_view name, std::string_view value) {
        ++visited;
        fuzz::require(!name.empty() && fuzz::is_within(name, own) && fuzz::is_within(value, own));
        fuzz::require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    });
    for (const char c : head.fields) lines += c == '\n' ? 1 : 0;
    fuzz::require(visited == lines && visited <= max_head_fields);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto scanned = scan_response_head(bytes);
    if (scanned.has_error()) {
        fuzz::require(scan_response_head(std::string(bytes) + "\r\n\r\n").has_error());
    } else if (scanned.value()) {
        check(*scanned.value(), bytes);
        for (const auto length : {scanned.value()->size - 1, scanned.value()->size / 2}) {
            const auto cut = scan_response_head(bytes.substr(0, length));
            fuzz::require(cut.has_value() && !cut.value());
        }
    }
    return 0;
}
