#include "vault/stream_ids.hpp"

#include "vault/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

BOOST_AUTO_TEST_SUITE(stream_ids_suite)

BOOST_AUTO_TEST_CASE(a_signed_id_gives_the_original_back_to_its_user) {
    const auto ring = sample_ring();
    for (const std::string id : {"stream-1", "", "with.dots.in.it", ".", "5f0c-77"}) {
        const auto signed_id = sign_stream_id(*ring, user_id("user-1"), id);
        BOOST_TEST((check_stream_id(*ring, user_id("user-1"), signed_id) == id));
        BOOST_TEST(!check_stream_id(*ring, user_id("user-2"), signed_id));
        BOOST_TEST(!check_stream_id(*ring, user_id(""), signed_id));
        const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
        BOOST_TEST(std::all_of(signed_id.begin(), signed_id.end(), is_visible));
    }
}

BOOST_AUTO_TEST_CASE(the_mac_is_the_one_written_down) {
    BOOST_TEST(sign_stream_id(*sample_ring(), user_id("user-1"), "stream-1") ==
               "stream-1.NE-qPjttMKfmCfI6NsIbZ50fa4OUDDoVNS7GjE0_SjQ");
}

BOOST_AUTO_TEST_CASE(no_altered_id_is_taken) {
    const auto ring = sample_ring();
    const auto good = sign_stream_id(*ring, user_id("user-1"), "stream-1");
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        auto bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        BOOST_TEST(!check_stream_id(*ring, user_id("user-1"), bad), bad);
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
        BOOST_TEST(!check_stream_id(*ring, user_id("user-1"), good.substr(0, size)));
    }
    for (const auto& bad : {std::string("stream-1"), std::string("stream-1."), good + "=", good + "A",
                            "x" + good, std::string(".")}) {
        BOOST_TEST(!check_stream_id(*ring, user_id("user-1"), bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(user_and_id_cannot_trade_characters) {
    const auto ring = sample_ring();
    const auto signed_id = sign_stream_id(*ring, user_id("user-1"), "x.stream");
    const auto mac = signed_id.substr(signed_id.rfind('.'));
    BOOST_TEST(!check_stream_id(*ring, user_id("user-1x"), ".stream" + mac));
    BOOST_TEST(!check_stream_id(*ring, user_id("user-"), "1x.stream" + mac));
}

BOOST_AUTO_TEST_CASE(an_id_signed_before_a_rotation_is_still_taken) {
    std::vector<keyring_entry> entries;
    entries.push_back(fixed_entry(1, "key_oldoldoldold"));
    const auto old_ring = ring_of(std::move(entries));
    const auto signed_id = sign_stream_id(*old_ring, user_id("user-1"), "stream-1");
    const auto new_ring = sample_ring();
    BOOST_TEST(check_stream_id(*new_ring, user_id("user-1"), signed_id).has_value());
    BOOST_TEST(sign_stream_id(*new_ring, user_id("user-1"), "stream-1") != signed_id);
    BOOST_TEST(!check_stream_id(*old_ring, user_id("user-1"),
                                sign_stream_id(*new_ring, user_id("user-1"), "stream-1")));
}

BOOST_AUTO_TEST_CASE(the_ai_role_signs_and_the_keys_role_cannot) {
    const auto whole = sample_ring();
    const auto ai_role = role_ring(*whole, keyring_part::ai_role);
    const auto signed_id = sign_stream_id(*ai_role, user_id("user-1"), "stream-1");
    BOOST_TEST(check_stream_id(*whole, user_id("user-1"), signed_id).has_value());
    const auto keys_role = role_ring(*whole, keyring_part::keys_role);
    BOOST_TEST(!check_stream_id(*keys_role, user_id("user-1"), signed_id));
    BOOST_CHECK_THROW(static_cast<void>(sign_stream_id(*keys_role, user_id("user-1"), "s")),
                      std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
