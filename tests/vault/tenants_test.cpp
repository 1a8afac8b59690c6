#include "core/encoding.hpp"
#include "vault/key_cipher.hpp"
#include "vault/samples.hpp"
#include "vault/sealed_payload.hpp"
#include "vault/stream_ids.hpp"
#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

namespace {

/// Who could be taken for each other where a tenant and a uid are joined, or one of them is left out.
std::vector<user_id> look_alikes() {
    return {user_id("bc"),
            user_id("abc"),
            user_id("a"),
            user_id::in_tenant("a", "bc"),
            user_id::in_tenant("ab", "c"),
            user_id::in_tenant("b", "bc"),
            user_id::in_tenant("bc", "a"),
            user_id::in_tenant("A", "bc"),
            user_id(std::string("\0\1abc", 5))};
}

/// Whether `is_taken(a, b)`, of something made for `a` and given to `b`, is true for each with itself alone.
template <class Check>
void each_for_itself_alone(Check is_taken) {
    const auto all = look_alikes();
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < all.size(); ++j) {
            BOOST_TEST(is_taken(all[i], all[j]) == (i == j), "made for " << i << ", given to " << j);
        }
    }
}

std::string box_of(const keyring_entry& entry, std::string_view payload) {
    std::string sealed(payload.size() + crypto_box_SEALBYTES, '\0');
    crypto_box_seal(reinterpret_cast<unsigned char*>(sealed.data()), as_bytes(payload).data(), payload.size(),
                    entry.box_public.data());
    return sealed;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tenants_suite)

BOOST_AUTO_TEST_CASE(a_signature_is_one_users_alone) {
    const auto ring = sample_ring();
    each_for_itself_alone([&](const user_id& whose_it_is, const user_id& who) {
        return is_authentic(*ring, who, sample_record(*ring, whose_it_is));
    });
}

BOOST_AUTO_TEST_CASE(a_record_opens_for_its_user_alone) {
    const auto ring = sample_ring();
    each_for_itself_alone([&](const user_id& whose_it_is, const user_id& who) {
        return open_record(*ring, who, sample_record(*ring, whose_it_is)).has_value();
    });
}

// Even when whoever moved it could sign. A box that names no tenant may be a tenant's user's of that uid.
BOOST_AUTO_TEST_CASE(a_box_of_a_tenants_user_is_that_users_alone_whoever_signs) {
    const auto ring = sample_ring();
    const auto all = look_alikes();
    for (const auto& whose_it_is : all) {
        for (const auto& who : all) {
            auto record = sample_record(*ring, whose_it_is);
            sign(ring->newest(), who, record);
            const bool may_be =
                whose_it_is == who || (whose_it_is.tenant().empty() && whose_it_is.uid() == who.uid());
            BOOST_TEST(open_record(*ring, who, record).has_value() == may_be, who.canonical());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_stream_id_is_one_users_alone) {
    const auto ring = sample_ring();
    each_for_itself_alone([&](const user_id& whose_it_is, const user_id& who) {
        return check_stream_id(*ring, who, sign_stream_id(*ring, whose_it_is, "stream-1")).has_value();
    });
}

BOOST_AUTO_TEST_CASE(a_key_in_memory_is_one_users_alone) {
    const key_cipher cipher;
    each_for_itself_alone([&](const user_id& whose_it_is, const user_id& who) {
        std::array<char, 64> out;
        return cipher.decrypt(who, "p", cipher.encrypt(whose_it_is, "p", "sk-1"), out).has_value();
    });
    each_for_itself_alone([&](const user_id& whose_it_is, const user_id& who) {
        key_cache cache(10, std::chrono::seconds(30));
        std::array<char, 4096> out;
        cache.put(whose_it_is, "p", {"cred_1", key_state::verified, {}}, secret::copy_of("sk-1"),
                  steady_time(), 0);
        return cache.find(who, "p", steady_time(), wall_time(), out).has_value();
    });
}

BOOST_AUTO_TEST_CASE(the_payload_names_the_tenant_where_there_is_one) {
    const auto ann = user_id::in_tenant("acme-x1y2z", "ann");
    BOOST_TEST(
        write_payload(ann, "googleai", "key_abc", "sk-1").expose() ==
        R"({"v":1,"uid":"ann","tenant":"acme-x1y2z","provider":"googleai","keyId":"key_abc","apiKey":"sk-1"})");
    BOOST_TEST(write_payload(user_id("ann"), "googleai", "key_abc", "sk-1").expose() ==
               R"({"v":1,"uid":"ann","provider":"googleai","keyId":"key_abc","apiKey":"sk-1"})");
}

BOOST_AUTO_TEST_CASE(a_box_may_leave_the_tenant_out_but_not_name_another) {
    const auto entry = fixed_entry(2, "key_newnewnewnew");
    const user_id plain("ann");
    const auto acme = user_id::in_tenant("acme-x1y2z", "ann");
    const struct {
        std::string_view member;
        bool opens_for_plain;
        bool opens_for_acme;
    } rows[] = {
        {"", true, true},
        {R"(,"tenant":"acme-x1y2z")", false, true},
        {R"(,"tenant":"acme-\u00781y2z")", false, true},
        {R"(,"tenant":"other-x1y2z")", false, false},
        {R"(,"tenant":"ACME-x1y2z")", false, false},
        {R"(,"tenant":"acme-x1y2z ")", false, false},
        {R"(,"tenant":null)", true, true}, // what Firebase's JavaScript client has for no tenant
        {R"(,"tenant":"")", true, false},
        {R"(,"tenant":1)", false, false},
        {R"(,"tenant":false)", false, false},
        {R"(,"tenant":["acme-x1y2z"])", false, false},
        {R"(,"tenant":"acme-x1y2z","tenant":"acme-x1y2z")", false, false},
        {R"(,"tenant":null,"tenant":"acme-x1y2z")", false, false},
        {R"(,"tenantId":"acme-x1y2z")", false, false},
        {R"(,"Tenant":"acme-x1y2z")", false, false},
    };
    for (const auto& row : rows) {
        const auto payload =
            R"({"v":1,"uid":"ann","provider":"googleai","keyId":"key_newnewnewnew","apiKey":"sk-1")" +
            std::string(row.member) + "}";
        const auto box = box_of(entry, payload);
        BOOST_TEST(open_sealed(entry, plain, "googleai", box).has_value() == row.opens_for_plain, row.member);
        BOOST_TEST(open_sealed(entry, acme, "googleai", box).has_value() == row.opens_for_acme, row.member);
    }
}

BOOST_FIXTURE_TEST_CASE(forgetting_a_user_of_one_tenant_leaves_the_others_key_in_memory, vaults_fixture) {
    const auto acme = user_id::in_tenant("acme-x1y2z", "ann");
    const auto beta = user_id::in_tenant("beta-x1y2z", "ann");
    for (const auto& who : {acme, beta, user_id("ann")}) {
        BOOST_TEST(
            one.save(who, vault_driver::plain("sk-of-" + std::string(who.tenant()) + "-0123")).has_value());
        BOOST_TEST(one.open(who).text == two.open(who).text);
    }
    BOOST_TEST(one.remove(acme).value());
    BOOST_TEST(one.find_cached(acme) == "nothing");
    BOOST_TEST(two.find_cached(acme) == "nothing");
    BOOST_TEST(two.open(acme).text == "KEY_REQUIRED");
    BOOST_TEST(two.find_cached(beta) == "sk-of-beta-x1y2z-0123");
    BOOST_TEST(two.find_cached("ann") == "sk-of--0123");
    BOOST_TEST(one.list(beta).value().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
