// What a vault does while the file of its keyring is rotated.
#include "vault/keyring_driver.hpp"
#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

struct rotated_vault {
    temporary_directory directory;
    ring_file file = first_file();
    std::shared_ptr<live_keyring> live = std::make_shared<live_keyring>(file.path(), keyring_needs());
    std::unique_ptr<key_store> store = open_sqlite_store((directory / "keys.db").string());
    running_reactor side{2};
    store_driver beside{side, *store};
    vault_driver one{0, std::make_shared<vault_peers>(), *store, live};
    keyring newer = ring_of_seeds({1, 2});

    ring_file first_file() {
        ring_file made(directory / "ring.json");
        made.write(ring_of_seeds({1}));
        return made;
    }
    key_record stored() { return beside.load_one("user-1", "googleai").value(); }

    save_request sealed_for_newest(std::string_view api_key) {
        save_request request;
        request.provider = "googleai";
        request.key_id = newer.newest().id;
        request.sealed = seal_key(newer.newest(), user_id("user-1"), "googleai", secret::copy_of(api_key));
        return request;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(vault_rotation, rotated_vault)

BOOST_AUTO_TEST_CASE(a_record_of_an_entry_that_only_the_file_has_opens_and_is_never_marked) {
    beside.save("user-1", sample_record(newer, "user-1", "googleai", "sk-1"));
    file.write(newer);
    BOOST_TEST(one.open("user-1").text == "sk-1");
    one.settle();
    BOOST_TEST((stored().state == key_state::unverified));
    BOOST_TEST(live->current()->newest().id == id_of_seed(2));
}

BOOST_AUTO_TEST_CASE(a_question_about_a_key_finds_its_new_entry_too) {
    beside.save("user-1", sample_record(newer, "user-1", "googleai", "sk-1"));
    file.write(newer);
    BOOST_TEST(one.open_stored("user-1").text == "sk-1");
    one.settle();
    BOOST_TEST((stored().state == key_state::unverified));
}

BOOST_AUTO_TEST_CASE(a_record_of_an_entry_that_nobody_has_is_marked_once_the_file_was_read) {
    beside.save("user-1", sample_record(newer, "user-1", "googleai", "sk-1"));
    BOOST_TEST(one.open("user-1").text == "KEY_UNDECRYPTABLE");
    one.settle();
    BOOST_TEST((stored().state == key_state::undecryptable));
    // One that is marked makes nobody wait for another look.
    const auto begun = steady_now();
    BOOST_TEST(one.open("user-1").text == "KEY_UNDECRYPTABLE");
    BOOST_TEST((steady_now() - begun < std::chrono::milliseconds(500)));
    file.write(newer);
    refresh(side, *live);
    BOOST_TEST(one.open("user-1").text == "sk-1");
    one.settle();
    BOOST_TEST((stored().state == key_state::unverified));
}

BOOST_AUTO_TEST_CASE(a_box_for_an_entry_that_only_the_file_has_is_saved) {
    file.write(newer);
    BOOST_TEST(one.examine("user-1", sealed_for_newest("sk-1"))->expose() == "sk-1");
    BOOST_TEST_REQUIRE(one.save("user-1", sealed_for_newest("sk-2")).has_value());
    BOOST_TEST(stored().key_id == id_of_seed(2));
    BOOST_TEST(one.open("user-1").text == "sk-2");
}

BOOST_AUTO_TEST_CASE(a_box_for_an_entry_that_nobody_has_is_refused) {
    const auto refused = one.save("user-1", sealed_for_newest("sk-1"));
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().why() == reason::field_invalid));
    BOOST_TEST(beside.load("user-1").empty());
}

BOOST_AUTO_TEST_CASE(new_keys_are_sealed_under_the_entry_that_was_added) {
    BOOST_TEST_REQUIRE(one.save("user-1", vault_driver::plain("sk-1")).has_value());
    BOOST_TEST(stored().key_id == id_of_seed(1));
    file.write(newer);
    refresh(side, *live);
    BOOST_TEST_REQUIRE(one.save("user-1", vault_driver::plain("sk-2")).has_value());
    BOOST_TEST(stored().key_id == id_of_seed(2));
    BOOST_TEST(one.open("user-1").text == "sk-2");
}

BOOST_AUTO_TEST_CASE(a_key_is_sealed_anew_when_its_entry_was_removed_and_the_file_has_another) {
    file.write(newer);
    beside.close_entry(id_of_seed(1));
    const auto saved = one.save("user-1", vault_driver::plain("sk-1"));
    BOOST_REQUIRE(saved.has_value());
    BOOST_TEST(saved->key_id == id_of_seed(2));
    BOOST_TEST(stored().key_id == id_of_seed(2));
    BOOST_TEST(one.open("user-1").text == "sk-1");
}

BOOST_AUTO_TEST_CASE(who_knows_only_a_removed_entry_saves_nothing_and_loses_nothing) {
    BOOST_REQUIRE(one.save("user-1", vault_driver::plain("sk-1")).has_value());
    const auto before = stored();
    beside.close_entry(id_of_seed(1));
    const auto saved = one.save("user-1", vault_driver::plain("sk-2"));
    BOOST_REQUIRE(saved.has_error());
    BOOST_TEST((saved.error().why() == reason::store_unavailable));
    BOOST_TEST(same(stored(), before));
    BOOST_TEST(one.open("user-1").text == "sk-1");
    file.write(newer);
    BOOST_TEST(one.save("user-1", vault_driver::plain("sk-2")).has_value());
    BOOST_TEST(one.open("user-1").text == "sk-2");
}

BOOST_AUTO_TEST_CASE(a_box_for_a_removed_entry_is_refused_so_that_the_page_asks_for_the_public_key_again) {
    file.write(newer); // it is active there still
    const auto& old = newer.entries().front();
    save_request late;
    late.provider = "googleai";
    late.key_id = old.id;
    late.sealed = seal_key(old, user_id("user-1"), "googleai", secret::copy_of("sk-1"));
    beside.close_entry(old.id);
    const auto saved = one.save("user-1", std::move(late));
    BOOST_REQUIRE(saved.has_error());
    BOOST_TEST((saved.error().why() == reason::field_invalid));
    const std::vector<std::pair<std::string, std::string>> named{{"field", "keyId"}};
    BOOST_TEST((saved.error().metadata() == named));
    BOOST_TEST(!beside.load_one("user-1", "googleai").has_value());
    BOOST_TEST(one.save("user-1", sealed_for_newest("sk-1")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
