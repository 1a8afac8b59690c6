#include "vault/keyring_driver.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

using ids = std::vector<std::string>;

keyring altered(void (*alter)(keyring_entry& first)) {
    auto entries = ring_of_seeds({1, 2}).release();
    alter(entries.front());
    return keyring(std::move(entries));
}

} // namespace

BOOST_AUTO_TEST_SUITE(keyring_suite)

BOOST_AUTO_TEST_CASE(the_newest_active_entry_is_used_whatever_the_order_in_the_file) {
    std::vector<keyring_entry> entries;
    entries.push_back(fixed_entry(5, "key_retired00000"));
    entries.back().is_active = false;
    entries.push_back(fixed_entry(4, "key_newest000000"));
    entries.push_back(fixed_entry(3, "key_older0000000"));
    const keyring ring(std::move(entries));
    BOOST_TEST(ring.newest().id == "key_newest000000");
    BOOST_TEST(ring.entries().front().id == "key_older0000000");
    BOOST_TEST(ring.find("key_retired00000") != nullptr);
    BOOST_TEST(ring.find("key_missing00000") == nullptr);
    BOOST_TEST(ring.find("") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_keyring_without_an_active_entry_cannot_be_made) {
    std::vector<keyring_entry> entries;
    BOOST_CHECK_THROW(keyring(std::move(entries)), std::logic_error);
}

BOOST_AUTO_TEST_CASE(the_same_entries_are_no_change) {
    BOOST_TEST(change_between(ring_of_seeds({1, 2}), ring_of_seeds({2, 1})).is_none());
}

BOOST_AUTO_TEST_CASE(what_came_and_what_went_is_named) {
    const auto change = change_between(ring_of_seeds({1, 2, 3}), ring_of_seeds({3, 4}));
    BOOST_TEST(change.added == ids{id_of_seed(4)});
    BOOST_TEST(change.gone == (ids{id_of_seed(1), id_of_seed(2)}));
    BOOST_TEST(change.retired.empty());
    BOOST_TEST(change.newest == id_of_seed(4));
}

BOOST_AUTO_TEST_CASE(another_pair_under_the_same_id_is_one_gone_and_one_added) {
    const auto other = altered([](keyring_entry& entry) { entry = fixed_entry(77, entry.id); });
    const auto change = change_between(ring_of_seeds({1, 2}), other);
    BOOST_TEST(change.gone == ids{id_of_seed(1)});
    BOOST_TEST(change.added == ids{id_of_seed(1)});
}

BOOST_AUTO_TEST_CASE(retiring_is_told_and_the_way_back_is_a_change) {
    const auto retired = altered([](keyring_entry& entry) { entry.is_active = false; });
    BOOST_TEST(change_between(ring_of_seeds({1, 2}), retired).retired == ids{id_of_seed(1)});
    const auto back = change_between(retired, ring_of_seeds({1, 2}));
    BOOST_TEST(back.retired.empty());
    BOOST_TEST(!back.is_none());
}

BOOST_AUTO_TEST_CASE(other_halves_and_ages_are_a_change) {
    const auto older = altered([](keyring_entry& entry) { entry.created_at -= std::chrono::seconds(1); });
    BOOST_TEST(!change_between(ring_of_seeds({1, 2}), older).is_none());
    const auto whole = ring_of_seeds({1, 2});
    BOOST_TEST(!change_between(whole, *role_ring(whole, keyring_part::ai_role)).is_none());
}

BOOST_AUTO_TEST_CASE(what_a_role_needs_is_asked_for) {
    const auto whole = ring_of_seeds({1});
    const auto signs = role_ring(whole, keyring_part::keys_role);
    const auto opens = role_ring(whole, keyring_part::ai_role);
    BOOST_TEST(lack_of(whole, {true, true}).empty());
    BOOST_TEST(lack_of(*signs, {false, true}).empty());
    BOOST_TEST(lack_of(*opens, {true, false}).empty());
    BOOST_TEST(!lack_of(*signs, {true, false}).empty());
    BOOST_TEST(!lack_of(*opens, {false, true}).empty());
    BOOST_TEST(!lack_of(*opens, {true, true}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
