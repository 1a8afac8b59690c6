#include "auth/forge.hpp"

#include <openssl/err.h>

BOOST_AUTO_TEST_SUITE(certificate_set)

using namespace byot;

namespace {

bool is_set(std::string_view json) {
    return auth::parse_certificates(json) != nullptr;
}

std::string one(std::string_view pem) {
    return R"({"k1":)" + to_json_string(pem) + "}";
}

} // namespace

BOOST_AUTO_TEST_CASE(each_kid_gets_its_own_key) {
    const auto set = auth::parse_certificates(forge::both_certificates());
    BOOST_REQUIRE(set);
    BOOST_TEST(set->size() == 2u);
    const auto& all = forge::keys();
    BOOST_TEST(EVP_PKEY_eq(set->at(all.good_kid).get(), all.good.get()) == 1);
    BOOST_TEST(EVP_PKEY_eq(set->at(all.second_kid).get(), all.second.get()) == 1);
}

BOOST_AUTO_TEST_CASE(one_bad_member_spoils_the_set) {
    const auto pem = forge::certificate_of(*forge::keys().good);
    BOOST_TEST(is_set(one(pem)));
    BOOST_TEST(is_set(one(pem + "\r\n \n")), "white space after the block");
    for (const std::string& json :
         {std::string(),
          std::string("not-json"),
          std::string("[]"),
          std::string("{}"),
          std::string("null"),
          std::string(R"({"foo":"bar"})"),
          std::string(R"({"error":{"code":503}})"),
          std::string(R"({"k1":17})"),
          one(""),
          one(" "),
          one(pem.substr(0, pem.size() / 2)),
          one("x" + pem),
          one(pem + "x"),
          one(pem + pem),
          one(forge::certificate_of(*forge::keys().elliptic)),
          one(forge::certificate_of(*forge::new_rsa(1024))),
          R"({"":)" + to_json_string(pem) + "}",
          R"({"k1":)" + to_json_string(pem) + R"(,"k2":"bar"})",
          R"({"k1":)" + to_json_string(pem) + R"(,"k1":)" + to_json_string(pem) + "}",
          one(pem) + "x"}) {
        BOOST_TEST(!is_set(json), json.substr(0, 60));
    }
    BOOST_TEST(ERR_peek_error() == 0u);
}

BOOST_AUTO_TEST_CASE(a_set_beyond_all_measure_is_refused) {
    const auto pem = to_json_string(forge::certificate_of(*forge::keys().good));
    const auto set_of = [&](int count) {
        std::string json = "{";
        for (int n = 0; n < count; ++n) json += (n ? ",\"k" : "\"k") + std::to_string(n) + "\":" + pem;
        return json + "}";
    };
    BOOST_TEST(is_set(set_of(64)));
    BOOST_TEST(!is_set(set_of(65)));
}

BOOST_AUTO_TEST_CASE(max_age_is_read_from_well_formed_fields_alone) {
    const struct {
        std::string_view field;
        std::int64_t seconds;
    } rows[] = {
        {"max-age=100", 100},
        {"public, max-age=100", 100},
        {"public,max-age=100", 100},
        {"public, max-age=100, must-revalidate, no-transform", 100},
        {"Max-Age=100", 100},
        {" ,,\tmax-age=100 , ", 100},
        {"max-age=100, max-age=5", 100},
        {"s-maxage=5, max-age=100", 100},
        {"ext=\"a, max-age=5\", max-age=100", 100},
        {"ext=\"\\\", max-age=5\", max-age=100", 100},
        {"max-age=99999999999999999999999", 2147483648},
        {"", 0},
        {"max-age 100", 0},
        {"max-age: 100", 0},
        {"max-age2=100", 0},
        {"max-age=foo", 0},
        {"max-age=100x", 0},
        {"max-age=-1", 0},
        {"max-age=1.5", 0},
        {"max-age=\"100\"", 0},
        {"max-age= 100", 0},
        {"max-age=", 0},
        {"private,", 0},
        {"xmax-age=100", 0},
        {"ext=\"max-age=5", 0},
        {"ext=\"\\", 0},
    };
    for (const auto& row : rows) BOOST_TEST(auth::parse_max_age(row.field).count() == row.seconds, row.field);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(signature)

using namespace byot;
using namespace std::string_literals;

namespace {

const std::string message = "aGVhZGVy.cGF5bG9hZA";

/// DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2, note 1).
const std::string digest_info =
    "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"s;
const std::string digest_info_without_null =
    "\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20"s;

std::string sha256(std::string_view text) {
    std::string digest(32, '\0');
    EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(),
                 reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
}

/// 00 01 FF … 00 rest, as long as the modulus.
std::string encoded(std::string_view rest, char block_type = 1, char filler = '\xFF') {
    std::string text(256 - 3 - rest.size(), filler);
    return std::string(1, '\0') + block_type + text + std::string(1, '\0') + std::string(rest);
}

/// The private key's operation on a block as it is.
std::string raw_sign(const std::string& block) {
    EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(forge::keys().good.get(), nullptr);
    EVP_PKEY_sign_init(context);
    EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING);
    std::string out(256, '\0');
    std::size_t size = out.size();
    const bool is_done = EVP_PKEY_sign(context, reinterpret_cast<unsigned char*>(out.data()), &size,
                                       as_bytes(block).data(), block.size()) == 1;
    EVP_PKEY_CTX_free(context);
    BOOST_REQUIRE(is_done);
    return out;
}

bool is_taken(const std::string& signature, std::string_view text = message) {
    return auth::is_signed_by(*forge::keys().good, text, signature);
}

} // namespace

BOOST_AUTO_TEST_CASE(only_the_exact_encoding_of_pkcs1_is_taken) {
    const auto digest = sha256(message);
    BOOST_TEST(is_taken(raw_sign(encoded(digest_info + digest))));
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + sha256("other")))));
    BOOST_TEST(!is_taken(raw_sign(encoded(digest))), "no DigestInfo");
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info_without_null + digest))), "no NULL parameter");
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + digest + "x"))), "a byte after the digest");
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + digest, 2))), "block type 2");
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + digest, 1, '\x7F'))), "filler other than FF");
    const std::string garbage(150, 'g'); // Bleichenbacher's forgery of 2006: short filler, rubbish at the end
    BOOST_TEST(!is_taken(raw_sign(encoded(digest_info + digest + garbage))));
}

BOOST_AUTO_TEST_CASE(a_signature_is_exactly_as_long_as_the_modulus) {
    const auto good = forge::sign_with(*forge::keys().good, message, "SHA256");
    BOOST_TEST(is_taken(good));
    BOOST_TEST(!is_taken(good + std::string(1, '\0')));
    BOOST_TEST(!is_taken(std::string(1, '\0') + good));
    BOOST_TEST(!is_taken(good.substr(0, 255)));
    BOOST_TEST(!is_taken(""));
}

BOOST_AUTO_TEST_CASE(each_flipped_bit_of_the_signature_is_noticed) {
    const auto good = forge::sign_with(*forge::keys().good, message, "SHA256");
    for (std::size_t at = 0; at < good.size(); at += 5) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
        BOOST_TEST(!is_taken(bad), at);
    }
}

BOOST_AUTO_TEST_CASE(only_an_rsa_key_verifies) {
    auto& key = *forge::keys().elliptic;
    const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(&key));
    // DER varies in length; one of the greatest is not refused for its length already.
    auto elliptic = forge::sign_with(key, message, "SHA256");
    while (elliptic.size() != size) elliptic = forge::sign_with(key, message, "SHA256");
    BOOST_TEST(!auth::is_signed_by(key, message, elliptic));
}

BOOST_AUTO_TEST_CASE(a_refusal_leaves_nothing_in_openssls_error_queue) {
    ERR_clear_error();
    BOOST_TEST(!is_taken(std::string(256, '\xFF')));
    BOOST_TEST(ERR_peek_error() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
