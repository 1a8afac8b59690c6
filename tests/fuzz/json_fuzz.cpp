// What the strict reader accepts has one meaning: the lenient one reads the same, written again it is the
// same, and no beginning of it is a whole text. Any bytes become a string that is one line and reads back.

#include "core/encoding.hpp"
#include "core/json.hpp"
#include "fuzz/require.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace {

using namespace byot;
namespace json = boost::json;

void check_read(std::string_view text) {
    const auto value = parse_json(text);
    fuzz::require(parse_json_object(text).has_value() == (value && value->is_object()));
    if (!value) return;
    fuzz::require(is_utf8(text));
    const auto again = parse_json(json::serialize(*value));
    fuzz::require(again && *again == *value);
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 32;
    const auto lenient = json::parse(text, error, {}, options);
    fuzz::require(!error && lenient.kind() == value->kind());
    fuzz::require(!lenient.is_structured() || lenient.is_array() ||
                  lenient.get_object().size() == value->get_object().size());
}

// Numbers and white space apart, where a beginning may be whole.
void check_beginnings(std::string_view text) {
    const auto end = text.find_last_not_of(" \t\r\n");
    if (!parse_json(text) || std::string_view("}]\"").find(text[end]) == std::string_view::npos) return;
    for (const auto length : {end, end / 2, end / 3}) fuzz::require(!parse_json(text.substr(0, length)));
}

void check_written(std::string_view bytes) {
    std::string text;
    append_json_string(text, bytes);
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    fuzz::require(std::none_of(text.begin(), text.end(), is_control) && is_utf8(text));
    const auto value = parse_json(text);
    fuzz::require(value && value->is_string());
    if (is_utf8(bytes)) fuzz::require(std::string_view(value->get_string()) == bytes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_read(bytes);
    check_beginnings(bytes);
    check_written(bytes);
    return 0;
}
