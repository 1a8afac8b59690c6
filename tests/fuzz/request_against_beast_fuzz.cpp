// Two readers of the same request, as in front of and behind a proxy: what ours accepts, Boost.Beast's
// accepts too and reads the same, to the byte at which the next request begins.

#include "fuzz/framing_walk.hpp"
#include "fuzz/require.hpp"
#include "http/check_head.hpp"
#include "http/request_head.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/dynamic_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace {

namespace beast = boost::beast::http;
using namespace byot;
using namespace byot::http;
// A string_body would reserve what Content-Length announces.
using beast_parser = beast::request_parser<beast::basic_dynamic_body<boost::beast::flat_buffer>>;

std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

// Beast puts trailers among the fields, so the head is looked at before the body is read.
struct beast_reading {
    beast_parser parser;
    std::size_t used = 0;
    boost::system::error_code error;

    beast_reading() {
        parser.header_limit(std::numeric_limits<std::uint32_t>::max());
        parser.body_limit(boost::none);
    }
    void read_head(std::string_view bytes) { used = parser.put(boost::asio::buffer(bytes), error); }
    void read_body(std::string_view bytes) {
        parser.eager(true);
        while (used < bytes.size() && !parser.is_done() && !error) {
            used += parser.put(boost::asio::buffer(bytes.substr(used)), error);
        }
        if (error == beast::error::need_more) error = {};
    }
};

// Beast refuses Connection, Proxy-Connection and Upgrade when they are no well-formed lists. Ours reads the
// first leniently and the others never: none has to do with where a message ends.
bool is_about_a_list(const beast_reading& beast) {
    return beast.error == beast::error::bad_value;
}

// Beast takes trailers for fields of the head and refuses those of framing there; ours drops them.
bool is_about_a_trailer(const beast_reading& beast) {
    return is_about_a_list(beast) || beast.error == beast::error::bad_transfer_encoding ||
           beast.error == beast::error::bad_content_length ||
           beast.error == beast::error::multiple_content_length;
}

// Beast refuses a minor version above 1, which is to be processed as 1 (RFC 9110 §2.5).
bool is_about_the_version(const beast_reading& beast) {
    return beast.error == beast::error::bad_version;
}

void compare_heads(const request_head& head, const beast_parser& parser) {
    const auto& message = parser.get();
    fuzz::require(view(message.method_string()) == head.method());
    fuzz::require(view(message.target()) == head.target());
    fuzz::require(message.version() == 10 + head.minor_version());
    constexpr std::array names = {
        std::pair{field::host, beast::field::host},
        std::pair{field::authorization, beast::field::authorization},
        std::pair{field::content_length, beast::field::content_length},
        std::pair{field::transfer_encoding, beast::field::transfer_encoding},
        std::pair{field::connection, beast::field::connection},
        std::pair{field::expect, beast::field::expect},
        std::pair{field::accept, beast::field::accept},
        std::pair{field::origin, beast::field::origin},
        std::pair{field::content_type, beast::field::content_type},
        std::pair{field::access_control_request_headers, beast::field::access_control_request_headers},
    };
    for (const auto& [ours, theirs] : names) {
        fuzz::require(view(message[theirs]) == head.value(ours));
        fuzz::require((message.count(theirs) > 0) == head.has(ours));
        fuzz::require((message.count(theirs) > 1) == head.is_repeated(ours));
        std::string joined;
        const auto lines = message.equal_range(theirs);
        for (auto line = lines.first; line != lines.second; ++line) {
            if (line != lines.first) joined += ", ";
            joined += view(line->value());
        }
        fuzz::require(joined_lines(head, ours) == joined);
    }
    for (const auto& line : message) {
        const auto which = find_field(view(line.name_string()));
        fuzz::require(which == field::unknown || head.has(which));
    }
}

void compare_bodies(const fuzz::walked& ours, const beast_reading& beast, std::size_t head_size) {
    using kind = framing_step::kind;
    if (ours.end == kind::malformed) return; // ours is the stricter
    fuzz::require(!beast.error);
    fuzz::require(beast.parser.is_done() == (ours.end == kind::finished));
    if (ours.end != kind::finished) return;
    const auto content = beast.parser.get().body().data();
    fuzz::require(std::string_view(static_cast<const char*>(content.data()), content.size()) == ours.content);
    fuzz::require(beast.used == head_size + ours.used);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (bytes.starts_with('\r')) return 0; // the empty line before a request, which Beast does not pass over
    const auto scanned = scan_request_head(bytes);
    if (scanned.has_error() || !scanned.value()) return 0;
    const auto& head = *scanned.value();
    const auto checked = check_head(head);
    if (checked.has_error()) return 0;

    const auto ours = fuzz::walk_every_way(checked->body, bytes.substr(head.size()));
    beast_reading beast;
    beast.read_head(bytes);
    if (is_about_a_list(beast) || is_about_the_version(beast)) return 0;
    fuzz::require(!beast.error && beast.parser.is_header_done());
    compare_heads(head, beast.parser);
    beast.read_body(bytes);
    if (is_about_a_trailer(beast)) return 0;
    compare_bodies(ours, beast, head.size());
    return 0;
}
