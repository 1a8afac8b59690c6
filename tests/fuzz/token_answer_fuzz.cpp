// A token that is taken from an answer can stand in a header field, ends in time, and is for whom it was
// asked; what refuses one never repeats the answer. An input is the answer, and also the claims of an
// identity token.

#include "core/encoding.hpp"
#include "core/json.hpp"
#include "fuzz/require.hpp"
#include "google/token_issuer.hpp"
#include "http/client.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdint>

namespace {

using namespace byot;
using namespace byot::google;

constexpr wall_time asked_at{std::chrono::seconds(1772600400)};
constexpr std::string_view audience = "https://a";

void check_failure(const failure& why) {
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    const std::string_view message = why.message();
    fuzz::require(why.why() == reason::identity_unavailable && message.size() < 130);
    fuzz::require(std::all_of(message.begin(), message.end(), is_ascii));
}

bool is_good(const result<issued_token>& answer) {
    if (answer.has_error()) {
        check_failure(answer.error());
        return false;
    }
    const auto text = answer->text.expose();
    fuzz::require(!text.empty() && text.size() <= 16 * 1024);
    fuzz::require(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; }));
    return true;
}

void check_access(const result<issued_token>& answer) {
    if (!is_good(answer)) return;
    fuzz::require(answer->expires_at > asked_at && answer->expires_at <= asked_at + std::chrono::hours(24));
}

void check_identity(std::string_view claims) {
    const auto jwt = "e30." + base64url_encode(as_bytes(claims)) + ".c2ln";
    const auto answer = read_bare_identity_token(jwt, audience);
    const auto object = parse_json_object(claims);
    fuzz::require(!is_good(answer) || (object && string_member(*object, "aud") == audience));
    fuzz::require(!is_good(answer) || answer->text.expose() == jwt);
    is_good(read_identity_token(claims, audience));
}

void check_whole_answer(std::string_view body) {
    static const credentials metadata = metadata_server{*parse_url("http://127.0.0.1:80")};
    http::client_answer answer;
    answer.status = 200;
    answer.body = body;
    fuzz::require(!is_good(read_token_answer(metadata, "", answer, asked_at)));
    answer.fields.emplace_back("Metadata-Flavor", "Google");
    check_access(read_token_answer(metadata, "", answer, asked_at));
    is_good(read_token_answer(metadata, audience, answer, asked_at));
    answer.status = 400;
    fuzz::require(!is_good(read_token_answer(metadata, "", answer, asked_at)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool is_ready = sodium_init() >= 0;
    fuzz::require(is_ready);
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_access(read_access_token(bytes, asked_at));
    is_good(read_bare_identity_token(bytes, audience));
    check_identity(bytes);
    check_whole_answer(bytes);
    return 0;
}
