// What the holder of one role's keyring file tries with the database in hand, and how far it gets.
#include "vault/keyring_driver.hpp"
#include "vault/rewrap.hpp"
#include "vault/stream_ids.hpp"
#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

struct two_roles {
    temporary_directory directory;
    std::unique_ptr<key_store> store = open_sqlite_store((directory / "keys.db").string());
    std::shared_ptr<const keyring> whole = sample_ring();
    std::shared_ptr<const keyring> keys_ring = role_ring(*whole, keyring_part::keys_role);
    std::shared_ptr<const keyring> ai_ring = role_ring(*whole, keyring_part::ai_role);
    running_reactor side{2};
    store_driver beside{side, *store};

    /// What a reader with the whole keyring, and one of the ai role, make of the stored record.
    std::string read_by_both(const std::string& uid) {
        vault_driver with_whole(0, std::make_shared<vault_peers>(), *store, whole);
        vault_driver with_ai(1, std::make_shared<vault_peers>(), *store, ai_ring);
        const auto first = with_whole.open(uid).text;
        const auto second = with_ai.open(uid).text;
        return first == second ? first : first + " and " + second;
    }
    void put(const std::string& uid, const key_record& record) {
        beside.save(uid, record);
        BOOST_TEST(read_by_both(uid) == "KEY_UNDECRYPTABLE");
    }
};

/// A record as the ai role could make it: everything right but for the signature, which it has no key for.
key_record unsigned_record(const keyring& ring, std::string_view uid) {
    key_record record;
    record.provider = "googleai";
    record.credential_id = "cred_0123456789abcdef";
    record.key_id = ring.newest().id;
    record.sealed = seal_key(ring.newest(), user_id(uid), "googleai", secret::copy_of("sk-of-the-attacker"));
    record.created_at = now();
    record.updated_at = now();
    return record;
}

/// The ring's newest entry by id and box, with a pair of signing keys of one's own making.
keyring_entry self_made_entry(const keyring& ring) {
    auto entry = fixed_entry(77, ring.newest().id);
    entry.created_at = ring.newest().created_at;
    entry.box_public = ring.newest().box_public;
    return entry;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(roles, two_roles)

BOOST_AUTO_TEST_CASE(each_role_file_lacks_every_half_of_the_other) {
    for (const auto& entry : keys_ring->entries()) {
        BOOST_TEST(entry.box_secret.empty());
        BOOST_TEST(!entry.sign_secret.empty());
    }
    for (const auto& entry : ai_ring->entries()) {
        BOOST_TEST(!entry.box_secret.empty());
        BOOST_TEST(entry.sign_secret.empty());
    }
}

BOOST_AUTO_TEST_CASE(no_half_of_the_other_role_can_be_made_of_what_a_file_has) {
    for (std::size_t i = 0; i < whole->entries().size(); ++i) {
        const auto& entry = whole->entries()[i];
        const auto keys_file = serialize_keyring(*whole, keyring_part::keys_role);
        const auto ai_file = serialize_keyring(*whole, keyring_part::ai_role);
        BOOST_TEST((keys_file.expose().find(base64_encode(as_bytes(entry.box_secret.expose()))) ==
                    std::string_view::npos));
        BOOST_TEST((ai_file.expose().find(base64_encode(as_bytes(entry.sign_secret.expose()))) ==
                    std::string_view::npos));
    }
}

BOOST_AUTO_TEST_CASE(the_keys_role_opens_nothing) {
    const auto record = sample_record(*whole, "user-1");
    beside.save("user-1", record);
    BOOST_TEST(is_authentic(*keys_ring, user_id("user-1"), record)); // it sees that the record is good
    BOOST_TEST(!open_record(*keys_ring, user_id("user-1"), record).has_value());
    for (const auto& entry : keys_ring->entries()) {
        BOOST_TEST(!open_sealed(entry, user_id("user-1"), "googleai", record.sealed).has_value());
    }
    // Its signing half, taken for the half that opens, opens nothing either.
    auto entry = fixed_entry(5, whole->newest().id);
    entry.box_public = keys_ring->newest().box_public;
    entry.box_secret = secret::copy_of(keys_ring->newest().sign_secret.expose().substr(0, 32));
    BOOST_TEST(!open_sealed(entry, user_id("user-1"), "googleai", record.sealed).has_value());
    BOOST_TEST(!reseal(*keys_ring, user_id("user-1"), record, now()).has_value());
    vault_driver keys_role(3, std::make_shared<vault_peers>(), *store, keys_ring);
    BOOST_TEST(keys_role.open("user-1").text == "KEY_UNDECRYPTABLE");
}

BOOST_AUTO_TEST_CASE(the_keys_role_neither_signs_nor_reads_stream_ids) {
    BOOST_CHECK_THROW(sign_stream_id(*keys_ring, user_id("user-1"), "stream-1"), std::logic_error);
    const auto signed_id = sign_stream_id(*whole, user_id("user-1"), "stream-1");
    BOOST_TEST(!check_stream_id(*keys_ring, user_id("user-1"), signed_id).has_value());
    BOOST_TEST(check_stream_id(*ai_ring, user_id("user-1"), signed_id).has_value());
}

BOOST_AUTO_TEST_CASE(the_ai_role_saves_nothing) {
    vault_driver ai_role(3, std::make_shared<vault_peers>(), *store, ai_ring);
    BOOST_TEST((ai_role.save("user-1", vault_driver::plain("sk-1")).error().why() == reason::internal));
    save_request sealed;
    sealed.provider = "googleai";
    sealed.key_id = whole->newest().id;
    sealed.sealed = seal_key(whole->newest(), user_id("user-1"), "googleai", secret::copy_of("sk-1"));
    BOOST_TEST((ai_role.save("user-1", std::move(sealed)).error().why() == reason::internal));
    BOOST_TEST(beside.load("user-1").empty());
}

BOOST_AUTO_TEST_CASE(a_record_of_the_ai_roles_making_is_refused_whatever_its_signature) {
    auto record = unsigned_record(*ai_ring, "user-1");
    const auto genuine = sample_record(*whole, "user-1");
    for (const auto& signature : {std::string(), std::string(64, '\0'), std::string(64, '\xff'),
                                  std::string(63, 'x'), genuine.signature, genuine.signature + 'x'}) {
        record.signature = signature;
        put("user-1", record);
    }
}

BOOST_AUTO_TEST_CASE(a_record_signed_by_a_self_made_key_under_the_same_id_is_refused) {
    auto record = unsigned_record(*ai_ring, "user-1");
    const auto forger = self_made_entry(*ai_ring);
    sign(forger, user_id("user-1"), record);
    std::vector<keyring_entry> own;
    own.push_back(self_made_entry(*ai_ring));
    BOOST_TEST(
        is_authentic(keyring(std::move(own)), user_id("user-1"), record)); // by its own maker's ring only
    put("user-1", record);
    // Its opening half, taken for a seed of a signing key, is not the entry's signing key.
    auto seeded = fixed_entry(77, ai_ring->newest().id);
    crypto_sign_seed_keypair(seeded.sign_public.data(), seeded.sign_secret.expose_writable().data(),
                             as_bytes(ai_ring->newest().box_secret.expose()).data());
    sign(seeded, user_id("user-1"), record);
    put("user-1", record);
}

BOOST_AUTO_TEST_CASE(a_genuine_record_is_not_made_to_say_anything_else) {
    const auto genuine = sample_record(*whole, "user-1");
    using alteration = void (*)(key_record&, const keyring&);
    const alteration alterations[] = {
        [](key_record& record, const keyring& ring) {
            record.sealed =
                seal_key(ring.newest(), user_id("user-1"), "googleai", secret::copy_of("sk-other"));
        },
        [](key_record& record, const keyring&) { record.credential_id = "cred_0123456789abcdef"; },
        [](key_record& record, const keyring&) { record.created_at += std::chrono::milliseconds(1); },
        [](key_record& record, const keyring&) { record.expires_at = at(now_seconds + 5000000000); },
        [](key_record& record, const keyring& ring) { record.key_id = ring.entries().front().id; },
    };
    for (const auto alter : alterations) {
        auto record = genuine;
        alter(record, *ai_ring);
        put("user-1", record);
    }
    put("user-2", genuine); // somebody else's
    beside.save("user-1", genuine);
    BOOST_TEST(read_by_both("user-1") == "sk-test-0123456789");
}

BOOST_AUTO_TEST_CASE(a_forged_record_does_not_take_a_genuine_ones_place_by_replace) {
    const auto genuine = sample_record(ring_of_seeds({1}), "user-1");
    beside.save("user-1", genuine);
    auto forged = genuine;
    forged.key_id = ai_ring->newest().id;
    forged.sealed = seal_key(ai_ring->newest(), user_id("user-1"), "googleai", secret::copy_of("sk-other"));
    // The store does not know signatures; the readers do.
    BOOST_TEST(beside.replace("user-1", forged, genuine.key_id));
    BOOST_TEST(read_by_both("user-1") == "KEY_UNDECRYPTABLE");
}

BOOST_AUTO_TEST_SUITE_END()
