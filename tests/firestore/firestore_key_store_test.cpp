#include "firestore/emulator.hpp"
#include "google/key_document.hpp"
#include "vault/key_store_contract.hpp"

#include <atomic>

using namespace byot;
using namespace byot::google;
using namespace byot::google::testing;
using namespace byot::vault::testing;
using vault::key_change;
using vault::key_record;

namespace {

/// An empty store, called as if nothing suspended, and the documents below it.
struct stored_keys {
    running_reactor reactor;
    emulator_store store{reactor};
    store_driver driver{reactor, store};

    std::optional<firestore_document> document_of(const vault::testing::whose& uid) {
        auto& client = store.client();
        const auto name = client.document_name(users_collection, document_id(uid));
        const auto get = [&client, name] {
            return client.get(name, steady_now() + std::chrono::seconds(10));
        };
        return reactor.wait<result<std::optional<firestore_document>>>(get).value();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(firestore_key_store_suite)

BOOST_AUTO_TEST_CASE(it_keeps_the_contract_of_every_store) {
    check_key_store_contract(
        [](running_reactor& reactor) { return std::make_unique<emulator_store>(reactor); });
}

BOOST_FIXTURE_TEST_CASE(a_uid_of_no_or_of_unprintable_characters_is_a_user_of_its_own, stored_keys) {
    for (const auto& uid : {std::string(), std::string("\0", 1), std::string("\0\0", 2)})
        driver.save(uid, full_record("googleai"));
    BOOST_TEST(driver.load(std::string()).size() == 1U);
    BOOST_TEST(driver.remove(std::string("\0", 1), "googleai"));
    BOOST_TEST(driver.load(std::string("\0\0", 2)).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_user_has_one_document_of_the_fields_of_its_records, stored_keys) {
    const auto uid = new_uid();
    driver.save(uid, full_record("googleai"));
    driver.save(uid, full_record("openai"));
    const auto document = document_of(uid);
    BOOST_TEST_REQUIRE(document.has_value());
    BOOST_TEST(document->fields.size() == 1U);
    const auto& keys = *document->fields.at("keys").as<firestore_fields>();
    BOOST_TEST(keys.size() == 2U);
    std::vector<std::string> names;
    for (const auto& [name, value] : *keys.at("openai").as<firestore_fields>()) names.push_back(name);
    const std::vector<std::string> expected{"createdAt", "credentialId",  "expiresAt",  "hint",
                                            "keyId",     "lastCheckedAt", "lastUsedAt", "sealed",
                                            "signature", "state",         "updatedAt"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_removal_leaves_the_document_so_that_a_late_first_save_is_refused, stored_keys) {
    const auto uid = new_uid();
    driver.save(uid, full_record("googleai"));
    BOOST_TEST(driver.remove(uid, "googleai"));
    BOOST_TEST(document_of(uid).has_value());
    BOOST_TEST(driver.load(uid).empty());
}

BOOST_FIXTURE_TEST_CASE(a_change_of_what_was_read_before_another_write_is_decided_anew, stored_keys) {
    const auto uid = new_uid();
    driver.save(uid, full_record("googleai"));
    const auto read = *driver.load_one(uid, "googleai");
    BOOST_TEST(!read.version.empty());
    driver.save(uid, full_record("openai"));
    key_change change{"googleai", read.credential_id, vault::key_state::rejected, {}, {}, read.version};
    BOOST_TEST(driver.change(uid, change)); // still that credential
    BOOST_TEST((driver.load_one(uid, "googleai")->state == vault::key_state::rejected));
    const auto again = *driver.load_one(uid, "googleai");
    driver.save(uid, full_record("googleai"));
    change.version = again.version;
    BOOST_TEST(!driver.change(uid, change)); // another one
    BOOST_TEST((driver.load_one(uid, "googleai")->state == vault::key_state::verified));
}

BOOST_FIXTURE_TEST_CASE(what_a_next_version_adds_to_a_document_is_kept_by_every_write_of_this_one,
                        stored_keys) {
    const auto uid = new_uid();
    const auto record = full_record("googleai");
    driver.save(uid, record);
    auto& client = store.client();
    firestore_write adds;
    adds.name = client.document_name(users_collection, uid);
    adds.fields.emplace("added", firestore_value(std::string("to the document")));
    firestore_fields in_record{{"added", firestore_value(std::string("to the record"))}};
    firestore_fields keys{{"googleai", firestore_value(std::move(in_record))}};
    adds.fields.emplace("keys", firestore_value(std::move(keys)));
    adds.mask = {"added", "keys.googleai.added"};
    const auto put = [&] { return client.patch(adds, steady_now() + std::chrono::seconds(10)); };
    BOOST_TEST((reactor.wait<result<commit_end>>(put).value() == commit_end::made));
    BOOST_TEST(same(driver.load_one(uid, "googleai").value(), record));
    BOOST_TEST(
        driver.change(uid, {"googleai", record.credential_id, vault::key_state::rejected, {}, {}, {}}));
    auto moved = record;
    moved.key_id = "key_bbbbbbbbbbbb";
    BOOST_TEST(driver.replace(uid, moved, record.key_id));
    driver.save(uid, full_record("openai"));
    driver.remove(uid, "openai");
    const auto document = document_of(uid);
    BOOST_TEST((document->fields.at("added") == firestore_value(std::string("to the document"))));
    const auto& kept =
        *document->fields.at("keys").as<firestore_fields>()->at("googleai").as<firestore_fields>();
    BOOST_TEST((kept.at("added") == firestore_value(std::string("to the record"))));
}

BOOST_FIXTURE_TEST_CASE(a_document_of_a_later_version_is_neither_read_nor_changed, stored_keys) {
    const auto uid = new_uid();
    const auto record = full_record("googleai");
    driver.save(uid, record);
    auto& client = store.client();
    firestore_write later;
    later.name = client.document_name(users_collection, uid);
    later.fields.emplace("version", firestore_value(std::int64_t{2}));
    later.mask = {"version"};
    const auto put = [&] { return client.patch(later, steady_now() + std::chrono::seconds(10)); };
    BOOST_TEST((reactor.wait<result<commit_end>>(put).value() == commit_end::made));
    const auto before = document_of(uid);
    auto& home = reactor.home();
    const user_id who{std::string_view(uid)};
    const auto load = [&] { return store.store().load(home, who); };
    BOOST_TEST(reactor.wait<result<std::vector<key_record>>>(load).error().message() ==
               "This user's keys were written by a later version of byot.");
    const auto save = [&] { return store.store().save(home, who, record); };
    const auto remove = [&] { return store.store().remove(home, who, "googleai"); };
    const auto remove_user = [&] { return store.store().remove_user(home, who, now()); };
    BOOST_TEST(reactor.wait<result<bool>>(save).has_error());
    BOOST_TEST(reactor.wait<result<bool>>(remove).has_error());
    BOOST_TEST(reactor.wait<result<void>>(remove_user).has_error());
    BOOST_TEST((document_of(uid)->update_time == before->update_time));
    // An entry that its keys may need is not taken out.
    const auto listed = driver.list_not_under("key_newnewnewnew", {}, 10);
    BOOST_TEST_REQUIRE(listed.size() == 1U);
    BOOST_TEST(listed[0].record.signature.empty());
}

// Or a rewrap would say that nothing is left on an old entry where it could not look.
BOOST_FIXTURE_TEST_CASE(a_document_that_cannot_be_read_is_listed_as_a_record_that_does_not_open,
                        stored_keys) {
    auto& client = store.client();
    firestore_write strange;
    strange.name = client.document_name(users_collection, "ann");
    strange.fields.emplace("keys", firestore_value(std::string("none")));
    const auto put = [&] { return client.patch(strange, steady_now() + std::chrono::seconds(10)); };
    BOOST_TEST((reactor.wait<result<commit_end>>(put).value() == commit_end::made));
    const auto listed = driver.list_not_under("key_newnewnewnew", {}, 10);
    BOOST_TEST_REQUIRE(listed.size() == 1U);
    BOOST_TEST((listed[0].who == user_id("ann")));
    BOOST_TEST(listed[0].record.signature.empty());
    BOOST_TEST(driver.list_not_under("key_newnewnewnew", user_id("ann"), 10).empty());
}

// Two reactors with clients of their own, as two instances are.
BOOST_AUTO_TEST_CASE(writers_of_two_instances_neither_lose_nor_resurrect_a_key) {
    running_reactor here_a, here_b;
    const auto database = new_database();
    emulator_store a(here_a, database), b(here_b, database);
    store_driver at_a(here_a, a), at_b(here_b, b);
    for (int turn = 0; turn < 15; ++turn) {
        const auto uid = new_uid();
        const auto first = full_record("googleai");
        at_a.save(uid, first);
        const auto other = full_record("openai");
        auto saves =
            here_a.start<result<bool>>([&] { return a.store().save(here_a.home(), user_id(uid), other); });
        auto removes = here_b.start<result<bool>>(
            [&] { return b.store().remove(here_b.home(), user_id(uid), "googleai"); });
        key_change used{"googleai", first.credential_id, {}, now(), {}, {}};
        auto changes =
            here_a.start<result<bool>>([&] { return a.store().change(here_a.home(), user_id(uid), used); });
        BOOST_TEST(saves.get().has_value());
        BOOST_TEST(removes.get().value());
        BOOST_TEST(changes.get().has_value());
        BOOST_TEST(!at_b.load_one(uid, "googleai").has_value());
        BOOST_TEST(same(at_b.load_one(uid, "openai").value(), other));
    }
}

BOOST_AUTO_TEST_SUITE_END()
