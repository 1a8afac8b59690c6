// Nothing a stranger sends as a token breaks the rules' own promises. An input is a token as it is, and where
// it holds "\n.\n" also the texts of a header and claims, so that the fuzzer need not learn base64.

#include "auth/bearer.hpp"
#include "auth/id_token.hpp"
#include "auth/identity.hpp"
#include "core/encoding.hpp"
#include "fuzz/require.hpp"

#include <cstdint>
#include <string>

namespace {

using namespace byot;

constexpr std::string_view project = "p";
constexpr wall_time now{std::chrono::seconds(1772600400)};

void check(std::string_view token) {
    const auto checked = auth::check_claims(token, project, now);
    if (!checked) {
        const auto why = checked.error().why();
        fuzz::require(why == reason::token_invalid || why == reason::token_expired);
        return;
    }
    fuzz::require(token.size() <= auth::largest_token && !checked->key_id.empty());
    fuzz::require(!checked->signed_part.empty() && fuzz::is_within(checked->signed_part, token));
    fuzz::require(checked->signature.size() >= 342 && auth::is_acceptable_uid(checked->who.user.uid()));
    fuzz::require(checked->who.expires_at > now);
    fuzz::require(checked->who.issued_at <= now + auth::allowed_skew);
    fuzz::require(checked->who.signed_in_at <= now + auth::allowed_skew);
    fuzz::require(!auth::check_claims(std::string(token) + ".", project, now));
}

void check_field(std::string_view field) {
    const auto token = auth::bearer_token(field);
    if (token) fuzz::require(!token->empty() && fuzz::is_within(*token, field));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check(bytes);
    check_field(bytes);
    const auto border = bytes.find("\n.\n");
    if (border == std::string_view::npos) return 0;
    const auto header = as_bytes(bytes.substr(0, border));
    const auto claims = as_bytes(bytes.substr(border + 3));
    static const std::string signature = base64url_encode(as_bytes(std::string(256, 's')));
    check(base64url_encode(header) + '.' + base64url_encode(claims) + '.' + signature);
    return 0;
}
