#pragma once

#include "vault/full_record.hpp"
#include "vault/store_driver.hpp"

#include <boost/test/unit_test.hpp>

/// What every `key_store` promises of a record: how it is saved, changed, replaced and removed.
namespace byot::vault::testing {

inline void a_saved_record_comes_back_whole(store_driver& store) {
    const auto uid = new_uid();
    BOOST_TEST(store.load(uid).empty());
    const auto full = full_record("googleai");
    auto sparse = full_record("openai");
    sparse.hint.clear();
    sparse.state = key_state::unverified;
    sparse.last_used_at.reset();
    sparse.last_checked_at.reset();
    sparse.expires_at.reset();
    store.save(uid, full);
    store.save(uid, sparse);
    BOOST_TEST(store.load(uid).size() == 2U);
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), full));
    BOOST_TEST(same(store.load_one(uid, "openai").value(), sparse));
}

inline void a_save_replaces_that_providers_record_and_no_other(store_driver& store) {
    const auto uid = new_uid();
    const auto other = full_record("openai");
    store.save(uid, full_record("googleai"));
    store.save(uid, other);
    auto second = full_record("googleai");
    second.last_used_at.reset();
    second.last_checked_at.reset();
    second.expires_at.reset();
    store.save(uid, second);
    BOOST_TEST(store.load(uid).size() == 2U);
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), second));
    BOOST_TEST(same(store.load_one(uid, "openai").value(), other));
}

inline void removing_says_whether_there_was_one(store_driver& store) {
    const auto uid = new_uid();
    const auto other = new_uid();
    BOOST_TEST(!store.remove(uid, "googleai"));
    store.save(uid, full_record("googleai"));
    store.save(uid, full_record("openai"));
    store.save(other, full_record("googleai"));
    BOOST_TEST(!store.remove(uid, "anthropic"));
    BOOST_TEST(store.remove(uid, "googleai"));
    BOOST_TEST(!store.remove(uid, "googleai"));
    BOOST_TEST(!store.load_one(uid, "googleai").has_value());
    BOOST_TEST(store.load_one(uid, "openai").has_value());
    BOOST_TEST(store.load_one(other, "googleai").has_value());
}

inline void a_change_touches_what_it_names(store_driver& store) {
    const auto uid = new_uid();
    auto expected = full_record("googleai");
    store.save(uid, expected);
    key_change change{"googleai", expected.credential_id, key_state::rejected, {}, {}, {}};
    BOOST_TEST(store.change(uid, change));
    expected.state = key_state::rejected;
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), expected));
    const auto later = wall_time(std::chrono::milliseconds(1767400000123));
    change = {"googleai", expected.credential_id, {}, later, later + std::chrono::milliseconds(1), {}};
    BOOST_TEST(store.change(uid, change));
    expected.last_used_at = later;
    expected.last_checked_at = later + std::chrono::milliseconds(1);
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), expected));
}

inline void a_change_of_another_credential_is_not_made(store_driver& store) {
    const auto uid = new_uid();
    const auto record = full_record("googleai");
    key_change change{"googleai", record.credential_id, key_state::rejected, {}, {}, {}};
    BOOST_TEST(!store.change(uid, change)); // there is none
    BOOST_TEST(store.load(uid).empty());    // and none comes of it
    const auto newer = full_record("googleai");
    store.save(uid, record);
    store.save(uid, newer);
    BOOST_TEST(!store.change(uid, change));
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), newer));
    change.provider = "openai";
    change.credential_id = newer.credential_id;
    BOOST_TEST(!store.change(uid, change));
    BOOST_TEST(store.load(uid).size() == 1U);
}

inline void a_replacement_is_made_only_for_the_same_credential_and_entry(store_driver& store) {
    const auto uid = new_uid();
    const auto old = full_record("googleai", "key_aaaaaaaaaaaa");
    auto moved = full_record("googleai", "key_bbbbbbbbbbbb");
    BOOST_TEST(!store.replace(uid, moved, "key_aaaaaaaaaaaa"));
    BOOST_TEST(store.load(uid).empty());
    store.save(uid, old);
    BOOST_TEST(!store.replace(uid, moved, "key_aaaaaaaaaaaa")); // another credential
    moved.credential_id = old.credential_id;
    BOOST_TEST(!store.replace(uid, moved, "key_cccccccccccc")); // another entry
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), old));
    BOOST_TEST(store.replace(uid, moved, "key_aaaaaaaaaaaa"));
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), moved));
    BOOST_TEST(!store.replace(uid, moved, "key_aaaaaaaaaaaa")); // done already
}

inline void a_replacement_keeps_what_was_learnt_meanwhile(store_driver& store) {
    const auto uid = new_uid();
    auto expected = full_record("googleai", "key_aaaaaaaaaaaa");
    store.save(uid, expected);
    auto moved = *store.load_one(uid, "googleai"); // as a rewrap reads it
    const auto later = wall_time(std::chrono::milliseconds(1767400000123));
    BOOST_TEST(store.change(uid, {"googleai", expected.credential_id, key_state::rejected, later, {}, {}}));
    moved.key_id = "key_bbbbbbbbbbbb";
    moved.sealed = "another box";
    moved.signature = std::string(64, 's');
    moved.updated_at = later;
    BOOST_TEST(store.replace(uid, moved, "key_aaaaaaaaaaaa"));
    moved.state = key_state::rejected;
    moved.last_used_at = later;
    BOOST_TEST(same(store.load_one(uid, "googleai").value(), moved));
}

} // namespace byot::vault::testing
