#include "vault/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

BOOST_AUTO_TEST_SUITE(key_record_suite)

BOOST_AUTO_TEST_CASE(every_state_has_a_name_that_reads_back) {
    const std::pair<key_state, std::string_view> table[] = {
        {key_state::unverified, "unverified"}, {key_state::verified, "verified"},
        {key_state::rejected, "rejected"},     {key_state::exhausted, "exhausted"},
        {key_state::expired, "expired"},       {key_state::undecryptable, "undecryptable"},
    };
    for (const auto& [state, name] : table) {
        BOOST_TEST(name_of(state) == name);
        BOOST_TEST((parse_key_state(name) == state));
    }
    BOOST_TEST(!parse_key_state("Verified"));
    BOOST_TEST(!parse_key_state(""));
}

BOOST_AUTO_TEST_CASE(a_key_is_expired_from_its_expiry_on) {
    key_record record;
    record.state = key_state::verified;
    BOOST_TEST((state_at(record, now()) == key_state::verified));
    record.expires_at = now();
    BOOST_TEST((state_at(record, now() - std::chrono::milliseconds(1)) == key_state::verified));
    BOOST_TEST((state_at(record, now()) == key_state::expired));
}

BOOST_AUTO_TEST_CASE(a_possible_key_is_visible_ascii_of_bounded_length) {
    for (const auto& good : {std::string("x"), std::string("AIza-_.~!#$%"), std::string(4096, 'k')}) {
        BOOST_TEST(is_possible_key(good), good);
    }
    for (const auto& bad : {std::string(), std::string("a b"), std::string("a\tb"), std::string("a\r\nb"),
                            std::string("a\0b", 3), std::string("a\x7f"), std::string("sch\xc3\xb6n"),
                            std::string(4097, 'k')}) {
        BOOST_TEST(!is_possible_key(bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(a_short_key_has_no_hint) {
    BOOST_TEST(hint_of(secret::copy_of("abcdefghijkl")) == "ijkl");
    BOOST_TEST(hint_of(secret::copy_of("abcdefghijk")).empty());
    BOOST_TEST(hint_of(secret()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
