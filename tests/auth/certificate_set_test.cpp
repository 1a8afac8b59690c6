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
