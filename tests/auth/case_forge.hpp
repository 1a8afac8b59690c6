#pragma once

#include "auth/forge.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <charconv>

/// Builds the tokens that token_cases.json describes. A row: `id`, `why`, and where they differ from an
/// honest token `header` or `claims` (whole texts), `without` and `and` (claims taken away and added),
/// `sign`, `mutate`, `authorization`. In texts, $NOW+N, $KID, $SECOND_KID, $PROJECT, $ISS and $UID stand for
/// values; RAW: and RAWHEX: give bytes as they are, NESTED:AB:N N pairs of brackets in each other.
namespace forge {

inline std::string text_of(const boost::json::object& row, std::string_view name, std::string fallback) {
    const auto value = string_member(row, name);
    return value ? std::string(*value) : std::move(fallback);
}

inline std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

/// $NOW, $NOW+N and $NOW-N become seconds.
inline std::string fill_times(std::string text) {
    constexpr std::string_view mark = "$NOW";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
        auto end = at + mark.size();
        std::int64_t offset = 0;
        if (end + 1 < text.size() && (text[end] == '+' || text[end] == '-') && std::isdigit(text[end + 1])) {
            const char* const digits = text.data() + end + (text[end] == '+' ? 1 : 0);
            end = static_cast<std::size_t>(std::from_chars(digits, text.data() + text.size(), offset).ptr -
                                           text.data());
        }
        text.replace(at, end - at, std::to_string(seconds(now) + offset));
    }
    return text;
}

inline std::string fill(std::string text) {
    text = replace_all(std::move(text), "$SECOND_KID", keys().second_kid);
    text = replace_all(std::move(text), "$KID", keys().good_kid);
    text = replace_all(std::move(text), "$PROJECT", project);
    text = replace_all(std::move(text), "$ISS", "https://securetoken.google.com/" + project);
    text = replace_all(std::move(text), "$UID", uid);
    return fill_times(std::move(text));
}

inline std::string unhex(std::string_view digits) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
        unsigned value = 0;
        std::from_chars(digits.data() + at, digits.data() + at + 2, value, 16);
        bytes += static_cast<char>(value);
    }
    return bytes;
}

inline std::string nested(std::string_view recipe) {
    unsigned depth = 0;
    std::from_chars(recipe.data() + 3, recipe.data() + recipe.size(), depth);
    const bool is_object = recipe[0] == '{';
    std::string opened, closed;
    for (unsigned level = 0; level < depth; ++level) {
        opened += is_object ? R"({"a":)" : "[";
        closed += is_object ? '}' : ']';
    }
    return opened + (is_object ? "1" : "") + closed;
}

inline std::string bytes_of(const std::string& text) {
    if (text.starts_with("RAWHEX:")) return unhex(text.substr(7));
    if (text.starts_with("RAW:")) return replace_all(text.substr(4), "$GOODTOKEN", token());
    if (text.starts_with("NESTED:")) return nested(text.substr(7));
    return fill(text);
}

/// The honest claims as one text, without some and with more.
inline std::string claims_of(const boost::json::object& row) {
    if (row.contains("claims")) return bytes_of(text_of(row, "claims", ""));
    claim_set claims;
    if (const auto* const without = row.if_contains("without")) {
        for (const auto& name : without->as_array()) claims.members.erase(std::string(name.as_string()));
    }
    auto text = claims.text();
    const auto more = fill(text_of(row, "and", ""));
    if (!more.empty()) text.replace(text.size() - 1, 1, "," + more + "}");
    return text;
}

inline std::string hmac_key(std::string_view which) {
    if (which == "cert_pem") return certificate_of(*keys().good);
    if (which == "spki_der") return public_der(*keys().good);
    return which == "zero" ? std::string(1, '\0') : std::string();
}

/// `sign`: rsa_good|rsa_second|rsa_attacker:RS256|RS384|RS512|PS256, ec:ES256, hmac:WHICH, zeros:N, none.
inline std::string signature_of(std::string_view recipe, std::string_view text) {
    const auto colon = recipe.find(':');
    const auto who = recipe.substr(0, colon);
    const auto what = colon == std::string_view::npos ? std::string_view() : recipe.substr(colon + 1);
    if (who == "none") return {};
    if (who == "hmac") return hmac(hmac_key(what), text);
    if (who == "zeros") return std::string(std::stoul(std::string(what)), '\0');
    if (who == "ec") return sign_with(*keys().elliptic, text, "SHA256");
    const auto& key = who == "rsa_attacker" ? keys().attacker
                      : who == "rsa_second" ? keys().second
                                            : keys().good;
    const auto digest = "SHA" + std::string(what.substr(2));
    return sign_with(*key, text, digest.c_str(), what.starts_with("PS"));
}

} // namespace forge
