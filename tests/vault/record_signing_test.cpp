#include "vault/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

// Nothing random in it, so that its encoding and signature can be written down.
key_record fixed_record() {
    key_record record;
    record.provider = "googleai";
    record.credential_id = "cred_0123456789abcdef";
    record.key_id = "key_newnewnewnew";
    record.sealed = std::string("\x00\x01\xff", 3);
    record.created_at = wall_time(std::chrono::milliseconds(1767323045678));
    record.expires_at = wall_time(std::chrono::milliseconds(1798859045678));
    return record;
}

std::string flipped(std::string text, std::size_t bit) {
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
    return text;
}

wall_time moved(wall_time when, int bit) {
    return wall_time(std::chrono::milliseconds(when.time_since_epoch().count() ^ std::int64_t{1} << bit));
}

// The record with one bit of each signed text flipped in turn, and each time moved by one.
std::vector<key_record> tampered_with(const key_record& record) {
    std::vector<key_record> all;
    for (auto field : {&key_record::provider, &key_record::credential_id, &key_record::key_id,
                       &key_record::sealed, &key_record::signature}) {
        for (std::size_t bit = 0; bit < (record.*field).size() * 8; ++bit) {
            all.push_back(record);
            all.back().*field = flipped(record.*field, bit);
        }
    }
    for (int bit = 0; bit < 63; ++bit) {
        all.push_back(record);
        all.back().created_at = moved(record.created_at, bit);
        all.push_back(record);
        all.back().expires_at = moved(*record.expires_at, bit);
    }
    all.push_back(record);
    all.back().expires_at.reset();
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_signing_suite)

BOOST_AUTO_TEST_CASE(the_signed_text_is_the_one_written_down) {
    const auto text = signed_text(user_id("user-1"), fixed_record());
    BOOST_TEST(hex_encode(as_bytes(text)) ==
               "62796f742d7265636f72642d76310000000000000006757365722d310000000000000008676f6f67"
               "6c6561690000000000000015637265645f3031323334353637383961626364656600000000000000"
               "106b65795f6e65776e65776e65776e657700000000000000030001ff000000000000000d31373637"
               "333233303435363738000000000000000d31373938383539303435363738");
}

BOOST_AUTO_TEST_CASE(no_expiry_is_signed_as_an_empty_field) {
    auto record = fixed_record();
    record.expires_at.reset();
    const auto text = signed_text(user_id(""), record);
    BOOST_TEST(text.ends_with(std::string("1767323045678") + std::string(8, '\0')));
    BOOST_TEST(text.starts_with("byot-record-v1" + std::string(8, '\0')));
}

BOOST_AUTO_TEST_CASE(the_signature_is_the_one_written_down) {
    auto record = fixed_record();
    sign(fixed_entry(2, "key_newnewnewnew"), user_id("user-1"), record);
    BOOST_TEST(base64_encode(as_bytes(record.signature)) ==
               "Lq8X/8nhB2DPGYCmxi8fB1a/rmj1jGVZrA20MhKg6i/s0JjIizeBKVT4diMP8lNWo96Xs3QuMRw7T/tItG0FCQ==");
    BOOST_TEST(is_authentic(*sample_ring(), user_id("user-1"), record));
}

BOOST_AUTO_TEST_CASE(every_single_flipped_bit_of_what_is_signed_is_refused) {
    const auto ring = sample_ring();
    auto record = sample_record(*ring, user_id("user-1"));
    record.expires_at = now() + std::chrono::hours(24);
    sign(ring->newest(), user_id("user-1"), record);
    BOOST_TEST_REQUIRE(is_authentic(*ring, user_id("user-1"), record));
    std::size_t accepted = 0;
    const auto all = tampered_with(record);
    for (const auto& one : all)
        accepted += is_authentic(*ring, user_id("user-1"), one) || open_record(*ring, user_id("user-1"), one);
    BOOST_TEST(all.size() > 2000U);
    BOOST_TEST(accepted == 0U);
    const std::string uid = "user-1";
    for (std::size_t bit = 0; bit < uid.size() * 8; ++bit) {
        BOOST_TEST(!is_authentic(*ring, user_id(flipped(uid, bit)), record));
    }
}

BOOST_AUTO_TEST_CASE(bytes_cannot_move_from_one_field_to_the_next) {
    auto one = fixed_record();
    auto other = fixed_record();
    one.provider = "ab";
    one.credential_id = "c";
    other.provider = "a";
    other.credential_id = "bc";
    BOOST_TEST(signed_text(user_id("u"), one) != signed_text(user_id("u"), other));
}

BOOST_AUTO_TEST_CASE(a_signature_of_another_entry_or_length_is_refused) {
    const auto ring = sample_ring();
    auto record = sample_record(*ring, user_id("user-1"));
    const auto good = record;
    record.key_id = "key_oldoldoldold";
    BOOST_TEST(!is_authentic(*ring, user_id("user-1"), record));
    record.key_id = "key_unknown00000";
    BOOST_TEST(!is_authentic(*ring, user_id("user-1"), record));
    record = good;
    record.signature.pop_back();
    BOOST_TEST(!is_authentic(*ring, user_id("user-1"), record));
    record.signature.clear();
    BOOST_TEST(!is_authentic(*ring, user_id("user-1"), record));
    record.signature = good.signature + '\0';
    BOOST_TEST(!is_authentic(*ring, user_id("user-1"), record));
}

BOOST_AUTO_TEST_CASE(what_is_not_signed_may_change) {
    const auto ring = sample_ring();
    auto record = sample_record(*ring, user_id("user-1"));
    record.state = key_state::rejected;
    record.hint = "xxxx";
    record.last_used_at = now();
    record.updated_at = now() + std::chrono::hours(1);
    BOOST_TEST(is_authentic(*ring, user_id("user-1"), record));
}

BOOST_AUTO_TEST_CASE(an_entry_without_its_private_half_does_not_sign) {
    const auto ring = role_ring(*sample_ring(), keyring_part::ai_role);
    auto record = fixed_record();
    BOOST_CHECK_THROW(sign(ring->newest(), user_id("user-1"), record), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
