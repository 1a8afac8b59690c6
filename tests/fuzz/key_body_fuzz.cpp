// The body of POST /api/key, which is read without a copy of its strings in ordinary memory, means what the
// strict reader of ordinary texts says it means; a refusal never repeats what the body holds.

#include "api/key_input.hpp"
#include "core/encoding.hpp"
#include "core/json.hpp"
#include "core/secret_json.hpp"
#include "fuzz/require.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdint>

namespace {

using namespace byot;
using kind = json_token::kind;
namespace json = boost::json;

/// Holds the tokens from `next` on against the value, which has the same order.
class comparison {
public:
    explicit comparison(const secret_json& read) : tokens_(read.tokens) {}

    bool is_same(const json::value& value) {
        if (value.is_object()) return are_members(value.get_object());
        if (value.is_array()) return are_items(value.get_array());
        if (value.is_string()) return take(kind::string).text == std::string_view(value.get_string());
        if (value.is_int64()) return take(kind::integer).number == value.get_int64();
        return take(value.is_null() ? kind::null : kind::other).text.empty();
    }
    bool is_at_end() const { return next_ == tokens_.size(); }

private:
    const json_token& take(kind what) {
        fuzz::require(next_ < tokens_.size() && tokens_[next_].what == what);
        return tokens_[next_++];
    }
    bool are_members(const json::object& object) {
        take(kind::object_begin);
        for (const auto& [name, value] : object) {
            if (take(kind::name).text != std::string_view(name) || !is_same(value)) return false;
        }
        take(kind::object_end);
        return true;
    }
    bool are_items(const json::array& array) {
        take(kind::array_begin);
        for (const auto& item : array) {
            if (!is_same(item)) return false;
        }
        take(kind::array_end);
        return true;
    }

    const std::vector<json_token>& tokens_;
    std::size_t next_ = 0;
};

// A member that is null counts as absent.
void check_body(const api::key_body& body, const json::object& object) {
    const auto& request = body.request;
    fuzz::require(request.api_key.empty() != request.sealed.empty() || object.contains("sealedKey"));
    for (const auto& [name, value] : object) fuzz::require(value.is_string() || value.is_null());
    const auto said = string_member(object, "apiKey");
    fuzz::require(said.value_or("") == request.api_key.expose());
    fuzz::require(string_member(object, "provider") == body.provider);
    fuzz::require(string_member(object, "keyId").value_or("") == request.key_id);
    fuzz::require(string_member(object, "hint").value_or("") == request.hint);
    const auto box = string_member(object, "sealedKey");
    fuzz::require(!box || base64_encode(as_bytes(request.sealed)) == *box);
    fuzz::require(string_member(object, "expiresAt").has_value() == request.expires_at.has_value());
}

// Refusals are ASCII words of ours.
void check_says_nothing(const failure& why) {
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    const std::string_view message = why.message();
    fuzz::require(why.why() == reason::body_invalid || why.why() == reason::field_invalid);
    fuzz::require(message.size() < 200 && std::all_of(message.begin(), message.end(), is_ascii));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool is_ready = sodium_init() >= 0;
    fuzz::require(is_ready);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto value = parse_json(text, 4);
    const auto read = read_secret_json(text);
    if (value) {
        fuzz::require(read.has_value());
        comparison tokens(*read);
        fuzz::require(tokens.is_same(*value) && tokens.is_at_end());
    }
    const auto body = api::read_key_body(secret::copy_of(text));
    if (body.has_error()) {
        check_says_nothing(body.error());
        return 0;
    }
    fuzz::require(value && value->is_object());
    check_body(*body, value->get_object());
    return 0;
}
