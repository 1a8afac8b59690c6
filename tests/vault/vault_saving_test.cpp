#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;
using namespace std::chrono_literals;

namespace {

save_request sealed_for(const keyring_entry& entry, std::string_view uid, std::string_view provider,
                        std::string_view key) {
    save_request request;
    request.provider = "googleai";
    request.sealed = seal_key(entry, user_id(uid), provider, secret::copy_of(key));
    request.key_id = entry.id;
    request.hint = "9999";
    return request;
}

std::string refused_field(const result<key_record>& answer) {
    BOOST_TEST_REQUIRE(!answer.has_value());
    BOOST_TEST((answer.error().why() == reason::field_invalid));
    BOOST_TEST_REQUIRE(answer.error().metadata().size() == 1U);
    BOOST_TEST(answer.error().metadata()[0].first == "field");
    return answer.error().metadata()[0].second;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(vault_saving_suite, vaults_fixture)

BOOST_AUTO_TEST_CASE(a_plain_key_is_stored_sealed_signed_and_named) {
    auto request = vault_driver::plain("sk-test-0123456789");
    request.expires_at = now() + 1h;
    request.state = key_state::verified;
    const auto record = one.save("user-1", std::move(request));
    BOOST_TEST_REQUIRE(record.has_value());
    BOOST_TEST(same(*record, stored("user-1")));
    BOOST_TEST(record->key_id == "key_newnewnewnew");
    BOOST_TEST(record->credential_id.starts_with("cred_"));
    BOOST_TEST(record->credential_id.size() == 21U);
    BOOST_TEST(record->hint == "6789");
    BOOST_TEST((record->created_at == now() && record->updated_at == now()));
    BOOST_TEST((record->last_checked_at == now()));
    BOOST_TEST(open_record(*ring, user_id("user-1"), *record)->expose() == "sk-test-0123456789");
}

BOOST_AUTO_TEST_CASE(each_save_is_a_new_credential) {
    const auto first = one.save("user-1", vault_driver::plain("sk-1"));
    const auto second = one.save("user-1", vault_driver::plain("sk-1"));
    BOOST_TEST(first->credential_id != second->credential_id);
    BOOST_TEST(!second->last_checked_at.has_value());
    BOOST_TEST(one.list("user-1")->size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_key_is_kept_without_the_blanks_that_were_pasted_with_it) {
    for (const auto* pasted : {"sk-test-0123456789\n", " sk-test-0123456789", "\ufeffsk-test-0123456789\r\n",
                               "\u00a0sk-test-0123456789\u200b\t"}) {
        BOOST_TEST(one.examine("user-1", vault_driver::plain(pasted))->expose() == "sk-test-0123456789");
        const auto record = one.save("user-1", vault_driver::plain(pasted));
        BOOST_TEST_REQUIRE(record.has_value());
        BOOST_TEST(record->hint == "6789");
        BOOST_TEST(one.open("user-1").text == "sk-test-0123456789");
        auto sealed = sealed_for(ring->newest(), "user-2", "googleai", pasted);
        sealed.hint = "789\n";
        BOOST_TEST(
            one.examine("user-2", sealed_for(ring->newest(), "user-2", "googleai", pasted))->expose() ==
            "sk-test-0123456789");
        BOOST_TEST(one.save("user-2", std::move(sealed))->hint == "789");
        BOOST_TEST(one.open("user-2").text == "sk-test-0123456789");
    }
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_key_is_refused_with_what_is_wrong_with_it) {
    for (const auto* text : {"Bearer sk-1", "sk-1\nsk-2", "a b", "\u2026", " \n"}) {
        const std::string fault(fault_of_key(without_blanks(text)));
        const auto plain = one.save("user-1", vault_driver::plain(text));
        BOOST_TEST(refused_field(plain) == "apiKey");
        BOOST_TEST(plain.error().message().ends_with(fault), plain.error().message());
        const auto sealed = one.save("user-1", sealed_for(ring->newest(), "user-1", "googleai", text));
        BOOST_TEST(refused_field(sealed) == "sealedKey");
        BOOST_TEST(sealed.error().message().ends_with(fault), sealed.error().message());
    }
    BOOST_TEST(beside.load("user-1").empty());
}

BOOST_AUTO_TEST_CASE(a_sealed_key_is_stored_as_it_came) {
    auto request = sealed_for(ring->newest(), "user-1", "googleai", "sk-test-0123456789");
    const auto sealed = request.sealed;
    const auto record = one.save("user-1", std::move(request));
    BOOST_TEST_REQUIRE(record.has_value());
    BOOST_TEST(record->sealed == sealed);
    BOOST_TEST(record->hint == "9999");
    BOOST_TEST(one.open("user-1").text == "sk-test-0123456789");
}

BOOST_AUTO_TEST_CASE(a_key_sealed_for_an_older_active_entry_is_taken_under_that_entry) {
    const auto& older = *ring->find("key_oldoldoldold");
    const auto record = one.save("user-1", sealed_for(older, "user-1", "googleai", "sk-1"));
    BOOST_TEST_REQUIRE(record.has_value());
    BOOST_TEST(record->key_id == "key_oldoldoldold");
    BOOST_TEST(one.open("user-1").text == "sk-1");
}

BOOST_AUTO_TEST_CASE(a_box_that_is_not_the_callers_is_refused) {
    const auto& entry = ring->newest();
    BOOST_TEST(refused_field(one.save("user-2", sealed_for(entry, "user-1", "googleai", "sk-1"))) ==
               "sealedKey");
    BOOST_TEST(refused_field(one.save("user-1", sealed_for(entry, "user-1", "openai", "sk-1"))) ==
               "sealedKey");
    BOOST_TEST(refused_field(one.save("user-1", sealed_for(entry, "user-1", "googleai", "a b"))) ==
               "sealedKey");
    auto other_entry = sealed_for(*ring->find("key_oldoldoldold"), "user-1", "googleai", "sk-1");
    other_entry.key_id = entry.id;
    BOOST_TEST(refused_field(one.save("user-1", std::move(other_entry))) == "sealedKey");
    BOOST_TEST(beside.load("user-1").empty());
    BOOST_TEST(beside.load("user-2").empty());
}

BOOST_AUTO_TEST_CASE(a_request_is_refused_by_the_member_that_is_wrong) {
    const auto sealed = [&] { return sealed_for(ring->newest(), "user-1", "googleai", "sk-1"); };
    std::vector<std::pair<std::string, save_request>> table;
    for (const auto& key : {std::string(), std::string("a b"), std::string("a\nb"), std::string(4097, 'k')}) {
        table.emplace_back("apiKey", vault_driver::plain(key));
    }
    for (const auto key_id : {"", "key_unknown00000", "key_newnewnewne"}) {
        table.emplace_back("keyId", sealed());
        table.back().second.key_id = key_id;
    }
    for (const std::size_t size : {1U, 47U, 48U, 8192U, 8193U}) {
        table.emplace_back("sealedKey", sealed());
        table.back().second.sealed = std::string(size, 's');
    }
    for (const auto hint : {"12345", "a b", "\n", "\xc3\xb6"}) {
        table.emplace_back("hint", sealed());
        table.back().second.hint = hint;
    }
    for (const auto late : {0ms, 1ms}) {
        table.emplace_back("expiresAt", vault_driver::plain("sk-1"));
        table.back().second.expires_at = now() - late;
    }
    table.emplace_back("apiKey", sealed());
    table.back().second.api_key = secret::copy_of("sk-1");
    for (auto& [field, request] : table)
        BOOST_TEST(refused_field(one.save("user-1", std::move(request))) == field);
    BOOST_TEST(beside.load("user-1").empty());
}

BOOST_AUTO_TEST_CASE(nothing_new_is_sealed_for_a_retired_entry) {
    std::vector<keyring_entry> entries;
    entries.push_back(fixed_entry(1, "key_oldoldoldold"));
    entries.back().is_active = false;
    entries.push_back(fixed_entry(2, "key_newnewnewnew"));
    vault_driver rotated(3, peers, *store, ring_of(std::move(entries)));
    const auto rotated_ring = rotated.of().ring();
    const auto& retired = *rotated_ring->find("key_oldoldoldold");
    BOOST_TEST(refused_field(rotated.save("user-1", sealed_for(retired, "user-1", "googleai", "sk-1"))) ==
               "keyId");
}

BOOST_AUTO_TEST_CASE(the_keys_role_stores_boxes_that_it_cannot_look_into) {
    vault_driver keys_role(3, peers, *store, role_ring(*ring, keyring_part::keys_role));
    const auto sealed = [this] { return sealed_for(ring->newest(), "user-1", "googleai", "sk-1"); };
    BOOST_TEST(keys_role.examine("user-1", sealed())->empty());
    BOOST_TEST_REQUIRE(keys_role.save("user-1", sealed()).has_value());
    BOOST_TEST_REQUIRE(keys_role.save("user-2", vault_driver::plain("sk-2")).has_value());
    BOOST_TEST(keys_role.open("user-1").text == "KEY_UNDECRYPTABLE");
    keys_role.settle();
    BOOST_TEST((stored("user-1").state == key_state::unverified)); // it is the role, not the key
    // A box for somebody else is found out by the role that opens.
    BOOST_TEST_REQUIRE(
        keys_role.save("user-3", sealed_for(ring->newest(), "user-1", "googleai", "sk-1")).has_value());
    vault_driver ai_role(4, peers, *store, role_ring(*ring, keyring_part::ai_role));
    BOOST_TEST(ai_role.open("user-1").text == "sk-1");
    BOOST_TEST(ai_role.open("user-2").text == "sk-2");
    BOOST_TEST(ai_role.open("user-3").text == "KEY_UNDECRYPTABLE");
    // What was pasted with a key does not harm it; what is no key is not called undecryptable.
    BOOST_TEST_REQUIRE(
        keys_role.save("user-4", sealed_for(ring->newest(), "user-4", "googleai", "sk-4\n")).has_value());
    BOOST_TEST(ai_role.open("user-4").text == "sk-4");
    BOOST_TEST(ai_role.open_stored("user-4").text == "sk-4");
    BOOST_TEST_REQUIRE(
        keys_role.save("user-5", sealed_for(ring->newest(), "user-5", "googleai", "Bearer sk-5"))
            .has_value());
    BOOST_TEST(ai_role.open("user-5").text == "KEY_REQUIRED");
    BOOST_TEST(ai_role.open_stored("user-5").text == "KEY_REQUIRED");
    ai_role.settle();
    BOOST_TEST((stored("user-5").state == key_state::rejected));
    BOOST_TEST(!stored("user-5").last_used_at.has_value());
    const auto refused = ai_role.save("user-1", vault_driver::plain("sk-4"));
    BOOST_TEST((refused.error().why() == reason::internal));
}

BOOST_AUTO_TEST_CASE(examining_gives_the_key_to_try_and_stores_nothing) {
    const auto plain = one.examine("user-1", vault_driver::plain("sk-1"));
    BOOST_TEST(plain->expose() == "sk-1");
    const auto sealed = one.examine("user-1", sealed_for(ring->newest(), "user-1", "googleai", "sk-2"));
    BOOST_TEST(sealed->expose() == "sk-2");
    BOOST_TEST(beside.load("user-1").empty());
}

BOOST_AUTO_TEST_CASE(a_list_is_in_the_order_of_its_providers) {
    for (const auto provider : {"openai", "anthropic", "googleai"}) {
        BOOST_TEST(one.save("user-1", vault_driver::plain("sk-1", provider)).has_value());
    }
    const auto records = one.list("user-1");
    BOOST_TEST_REQUIRE(records->size() == 3U);
    BOOST_TEST((*records)[0].provider == "anthropic");
    BOOST_TEST((*records)[2].provider == "openai");
    BOOST_TEST(one.list("user-2")->empty());
}

BOOST_AUTO_TEST_SUITE_END()
