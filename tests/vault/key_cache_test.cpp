#include "vault/key_cache.hpp"

#include "vault/key_cipher.hpp"
#include "vault/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;
using namespace std::chrono_literals;

namespace {

struct cache_fixture {
    key_cache cache{3, 30s};
    steady_time begin{};
    std::array<char, 4096> out{};

    void put(const whose& uid, std::string_view provider, std::string_view key) {
        cache.put(user_id(uid), provider, {"cred_" + std::string(key), key_state::verified, {}},
                  secret::copy_of(key), begin, cache.epoch_of(user_id(uid)));
    }
    std::string find(const whose& uid, std::string_view provider, steady_time when, wall_time today) {
        const auto hit = cache.find(user_id(uid), provider, when, today, out);
        return hit ? std::string(out.data(), hit->key_size) : std::string("nothing");
    }
    std::string find(const whose& uid, std::string_view provider) {
        return find(uid, provider, begin, now());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(key_cache_suite, cache_fixture)

BOOST_AUTO_TEST_CASE(a_key_is_found_for_its_user_and_provider_only) {
    put("user-1", "googleai", "sk-1");
    BOOST_TEST(find("user-1", "googleai") == "sk-1");
    BOOST_TEST(cache.find(user_id("user-1"), "googleai", begin, now(), out)->about.credential_id ==
               "cred_sk-1");
    BOOST_TEST(find("user-1", "openai") == "nothing");
    BOOST_TEST(find("user-2", "googleai") == "nothing");
    BOOST_TEST(find("user-1googleai", "") == "nothing");
}

BOOST_AUTO_TEST_CASE(a_key_is_used_until_its_time_is_over_and_not_a_moment_longer) {
    put("user-1", "googleai", "sk-1");
    BOOST_TEST(find("user-1", "googleai", begin + 30s - 1ns, now()) == "sk-1");
    BOOST_TEST(find("user-1", "googleai", begin + 30s, now()) == "nothing");
    BOOST_TEST(cache.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_key_that_expires_meanwhile_is_not_given_out) {
    cache.put(user_id("u"), "p", {"cred_1", key_state::verified, now() + 5s}, secret::copy_of("sk"), begin,
              0);
    BOOST_TEST(find("u", "p", begin, now() + 4999ms) == "sk");
    BOOST_TEST(find("u", "p", begin, now() + 5s) == "nothing");
}

BOOST_AUTO_TEST_CASE(the_least_recently_used_leaves_first) {
    put("u1", "p", "k1");
    put("u2", "p", "k2");
    put("u3", "p", "k3");
    BOOST_TEST(find("u1", "p") == "k1");
    put("u4", "p", "k4");
    BOOST_TEST(cache.size() == 3U);
    BOOST_TEST(find("u2", "p") == "nothing");
    BOOST_TEST(find("u1", "p") == "k1");
    BOOST_TEST(find("u3", "p") == "k3");
    BOOST_TEST(find("u4", "p") == "k4");
}

BOOST_AUTO_TEST_CASE(a_second_put_takes_the_place_of_the_first) {
    put("u", "p", "old-key");
    put("u", "p", "new");
    BOOST_TEST(find("u", "p") == "new");
    BOOST_TEST(cache.size() == 1U);
}

BOOST_AUTO_TEST_CASE(forgetting_a_user_takes_all_their_keys_and_nobody_elses) {
    put("u", "p", "k1");
    put("u", "q", "k2");
    put("v", "p", "k3");
    cache.forget(user_id("u"));
    cache.forget(user_id("nobody"));
    BOOST_TEST(find("u", "p") == "nothing");
    BOOST_TEST(find("u", "q") == "nothing");
    BOOST_TEST(find("v", "p") == "k3");
}

BOOST_AUTO_TEST_CASE(a_key_read_before_its_user_was_forgotten_is_not_kept) {
    const auto epoch = cache.epoch_of(user_id("u"));
    cache.forget(user_id("u"));
    BOOST_TEST(cache.epoch_of(user_id("u")) != epoch);
    cache.put(user_id("u"), "p", {"cred_1", key_state::verified, {}}, secret::copy_of("sk"), begin, epoch);
    BOOST_TEST(find("u", "p") == "nothing");
}

BOOST_AUTO_TEST_CASE(without_room_or_time_nothing_is_kept) {
    for (auto* const one : {new key_cache(0, 30s), new key_cache(3, 0s)}) {
        const std::unique_ptr<key_cache> held(one);
        held->put(user_id("u"), "p", {"cred_1", key_state::verified, {}}, secret::copy_of("sk"), begin, 0);
        BOOST_TEST(held->size() == 0U);
        BOOST_TEST(!held->find(user_id("u"), "p", begin, now(), out));
    }
}

BOOST_AUTO_TEST_CASE(a_user_id_of_any_length_is_safe) {
    const auto longest = user_id::in_tenant(std::string(64, 't'), std::string(512, 'u'));
    const std::string too_long(640, 'u');
    put(longest, "p", "k1");
    put(too_long, "p", "k2");
    put("u", std::string(700, 'p'), "k3");
    BOOST_TEST(find(longest, "p") == "k1");
    BOOST_TEST(find(too_long, "p") == "nothing");
    BOOST_TEST(find("u", std::string(700, 'p')) == "nothing");
}

BOOST_AUTO_TEST_CASE(the_longest_key_comes_back_whole) {
    const std::string key(4096, 'k');
    put("u", "p", key);
    BOOST_TEST(find("u", "p") == key);
}

BOOST_AUTO_TEST_CASE(an_encrypted_key_opens_for_its_owner_alone_and_unaltered) {
    const key_cipher cipher;
    const auto box = cipher.encrypt(user_id("user"), "provider", "sk-secret");
    BOOST_TEST(box.find("sk-secret") == std::string::npos);
    BOOST_TEST((cipher.decrypt(user_id("user"), "provider", box, out) == 9U));
    BOOST_TEST(!cipher.decrypt(user_id("userp"), "rovider", box, out));
    BOOST_TEST(!cipher.decrypt(user_id("user"), "provider2", box, out));
    BOOST_TEST(!key_cipher().decrypt(user_id("user"), "provider", box, out));
    BOOST_TEST(!cipher.decrypt(user_id("user"), "provider", box, std::span(out).first(8)));
    for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
        auto bad = box;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        BOOST_TEST(!cipher.decrypt(user_id("user"), "provider", bad, out));
    }
    for (std::size_t size = 0; size < box.size(); ++size) {
        BOOST_TEST(!cipher.decrypt(user_id("user"), "provider", box.substr(0, size), out));
    }
}

BOOST_AUTO_TEST_SUITE_END()
