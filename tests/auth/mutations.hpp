#pragma once

#include "auth/case_forge.hpp"

#include <array>

/// What is done to a token after it was signed.
namespace forge {

using segments = std::array<std::string, 3>;

inline segments split(const std::string& token) {
    const auto first = token.find('.');
    const auto second = token.find('.', first + 1);
    return {token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}
inline std::string join(const segments& parts) {
    return parts[0] + "." + parts[1] + "." + parts[2];
}

inline std::string big_number(EVP_PKEY& key, const std::string& signature, std::string_view what) {
    BIGNUM* modulus = nullptr;
    EVP_PKEY_get_bn_param(&key, "n", &modulus);
    BIGNUM* const value = BN_bin2bn(as_bytes(signature).data(), static_cast<int>(signature.size()), nullptr);
    if (what == "n") {
        BN_copy(value, modulus);
    } else {
        BN_add(value, value, modulus);
    }
    const auto size = std::max<std::size_t>(signature.size(), static_cast<std::size_t>(BN_num_bytes(value)));
    std::string bytes(size, '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size));
    BN_free(modulus);
    BN_free(value);
    return bytes;
}

inline std::string other_signature(const std::string& signature, std::string_view what) {
    if (what == "prepend0") return std::string(1, '\0') + signature;
    if (what == "append0") return signature + std::string(1, '\0');
    if (what == "zero") return std::string(signature.size(), '\0');
    return big_number(*keys().good, signature, what);
}

inline std::string flattened(const segments& parts) {
    return fmt::format(R"({{"payload":"{}","protected":"{}","signature":"{}"}})", parts[1], parts[0],
                       parts[2]);
}

inline void insert(std::string& segment, std::string_view what) {
    segment.insert(segment.size() / 2, what);
}

inline void flip(std::string& segment, std::size_t at) {
    auto bytes = base64url_decode(segment).value();
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    segment = b64(bytes);
}

/// The last character's bits that stand for nothing.
inline void set_unused_bits(std::string& segment) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    BOOST_REQUIRE(segment.size() % 4 != 0);
    segment.back() = alphabet[alphabet.find(segment.back()) | 1];
}

/// Changes one segment: pad, insert, nul, std_b64, unused_bits, trunc, drop, flip, sigbytes, borrow_sig.
inline void change_segment(segments& parts, std::string_view name, std::string_view rest) {
    if (name == "borrow_sig") {
        parts[2] = split(token(claim_set{}.with("admin", "true")))[2];
        return;
    }
    if (name == "sigbytes") {
        parts[2] = b64(other_signature(base64url_decode(parts[2]).value(), rest));
        return;
    }
    auto& segment = parts.at(static_cast<std::size_t>(rest.at(0) - '0'));
    const auto argument = rest.size() > 2 ? rest.substr(2) : std::string_view();
    if (name == "pad") segment += '=';
    if (name == "insert") insert(segment, argument);
    if (name == "nul") insert(segment, std::string_view("\0", 1));
    if (name == "std_b64") segment = base64_encode(as_bytes(base64url_decode(segment).value()));
    if (name == "unused_bits") set_unused_bits(segment);
    if (name == "drop") segment.clear();
    if (name == "flip") flip(segment, std::stoul(std::string(argument)));
    while (name == "trunc" && (segment.size() % 4 != static_cast<std::size_t>(argument.at(0) - '0'))) {
        segment.pop_back();
    }
}

/// Applies one step of `mutate`.
inline std::string mutate(const std::string& honest, std::string_view step) {
    const auto colon = step.find(':');
    const auto name = step.substr(0, colon);
    const auto rest = colon == std::string_view::npos ? std::string_view() : step.substr(colon + 1);
    if (name == "literal") return std::string(rest);
    if (name == "json_flattened") return flattened(split(honest));
    if (name == "insert_space_middle") return std::string(honest).insert(honest.size() / 2, " ");
    if (name == "huge") {
        return token(
            claim_set{}.with("padding", to_json_string(std::string(std::stoul(std::string(rest)), 'x'))));
    }
    auto parts = split(honest);
    change_segment(parts, name, rest);
    BOOST_REQUIRE_MESSAGE(join(parts) != honest, "the mutation " << step << " changed nothing");
    return join(parts);
}

/// The Authorization field of a row.
inline std::string authorization_of(const boost::json::object& row) {
    const auto text = b64(bytes_of(text_of(row, "header", header()))) + "." + b64(claims_of(row));
    auto made = text + "." + b64(signature_of(text_of(row, "sign", "rsa_good:RS256"), text));
    if (const auto* const steps = row.if_contains("mutate")) {
        for (const auto& step : steps->as_array()) made = mutate(made, step.as_string());
    }
    return replace_all(text_of(row, "authorization", "Bearer $TOKEN"), "$TOKEN", made);
}

} // namespace forge
