#include "vault/requested_key.hpp"
#include "vault/vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;
using namespace std::chrono_literals;

namespace {

/// A request of Ann's that looks for her key, waits while something happens to it, and looks again.
struct waiting_request {
    vault_driver& at;
    user_id ann{"ann"};
    locked_slots slots{byot::vault::vault::longest_key};
    std::unique_ptr<requested_key> key;

    explicit waiting_request(vault_driver& where) : at(where) {
        const auto work = [this] {
            key = std::make_unique<requested_key>(at.of(), slots, ann, "googleai");
            return true;
        };
        at.reactor().call<bool>(work);
    }
    ~waiting_request() {
        const auto work = [this] {
            key.reset();
            return true;
        };
        at.reactor().call<bool>(work);
    }

    bool is_current() {
        return at.reactor().call<bool>([this] { return key->is_current(); });
    }
    /// The key, or the reason's name; whether it may be sent then is asked in the same step.
    std::string open() {
        return at.reactor().wait<std::string>([this] { return opened(*key); });
    }
    std::string text() {
        return at.reactor().call<std::string>([this] { return std::string(key->text()); });
    }

    static task<std::string> opened(requested_key& key) {
        const auto answer = co_await key.open();
        if (answer.has_error()) co_return std::string(describe(answer.error().why()).name);
        const bool is_current = key.is_current();
        co_return is_current ? std::string(key.text()) : std::string("not current");
    }
};

struct requested_key_fixture : vaults_fixture {
    requested_key_fixture() { (void)one.save("ann", vault_driver::plain("sk-first")); }

    static vault_settings with_ttl(std::chrono::milliseconds ttl) {
        vault_settings settings;
        settings.time_to_live = ttl;
        return settings;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(requested_key_suite, requested_key_fixture)

BOOST_AUTO_TEST_CASE(a_key_that_nothing_happened_to_is_current_and_not_read_twice) {
    waiting_request request(one);
    BOOST_TEST(!request.is_current()); // the cache has never heard of it
    BOOST_TEST(request.open() == "sk-first");
    BOOST_TEST(beside.remove("ann", "googleai")); // past every cache
    BOOST_TEST(request.is_current());
    BOOST_TEST(request.text() == "sk-first");
}

BOOST_AUTO_TEST_CASE(a_key_in_the_cache_is_taken_without_the_store) {
    one.open("ann");
    BOOST_TEST(beside.remove("ann", "googleai"));
    waiting_request request(one);
    BOOST_TEST(request.is_current());
    BOOST_TEST(request.text() == "sk-first");
}

BOOST_AUTO_TEST_CASE(a_removed_key_is_not_sent_whichever_reactor_removed_it) {
    for (auto* const remover : {&one, &two}) {
        (void)one.save("ann", vault_driver::plain("sk-first"));
        waiting_request request(one);
        BOOST_TEST(request.open() == "sk-first");
        BOOST_TEST(*remover->remove("ann"));
        BOOST_TEST(!request.is_current());
        BOOST_TEST(request.text() == "");
        BOOST_TEST(request.open() == "KEY_REQUIRED");
        BOOST_TEST(request.text() == "");
    }
}

BOOST_AUTO_TEST_CASE(in_place_of_a_replaced_key_the_new_one_is_sent) {
    for (auto* const saver : {&one, &two}) {
        waiting_request request(one);
        BOOST_TEST(request.open() != "");
        const auto credential = saver->save("ann", vault_driver::plain("sk-second"))->credential_id;
        BOOST_TEST(!request.is_current());
        BOOST_TEST(request.open() == "sk-second");
        BOOST_TEST(request.key->credential_id() == credential);
    }
}

BOOST_AUTO_TEST_CASE(a_replaced_key_that_another_request_has_read_again_is_taken_from_the_cache) {
    waiting_request request(one);
    BOOST_TEST(request.open() == "sk-first");
    (void)two.save("ann", vault_driver::plain("sk-second"));
    one.open("ann");
    BOOST_TEST(request.is_current());
    BOOST_TEST(request.text() == "sk-second");
}

BOOST_AUTO_TEST_CASE(a_key_whose_state_changed_is_read_again) {
    waiting_request request(one);
    BOOST_TEST(request.open() == "sk-first");
    BOOST_TEST(*two.change_state("ann", stored("ann").credential_id, key_state::rejected));
    BOOST_TEST(!request.is_current());
    BOOST_TEST(request.open() == "sk-first"); // a rejected key may be tried, as by any other request
}

BOOST_AUTO_TEST_CASE(a_key_that_expired_while_its_request_waited_is_not_sent) {
    auto expiring = vault_driver::plain("sk-short");
    expiring.expires_at = wall_now() + 300ms;
    (void)one.save("ann", std::move(expiring));
    waiting_request request(one);
    BOOST_TEST(request.open() == "sk-short");
    while (wall_now() < *stored("ann").expires_at) std::this_thread::yield();
    BOOST_TEST(!request.is_current());
    BOOST_TEST(request.open() == "KEY_EXPIRED");
}

BOOST_AUTO_TEST_CASE(a_key_is_read_again_once_the_cache_would_not_have_it_any_more) {
    vault_driver short_lived(3, std::make_shared<vault_peers>(), *store, ring, with_ttl(150ms));
    waiting_request request(short_lived);
    BOOST_TEST(request.open() == "sk-first");
    BOOST_TEST(beside.remove("ann", "googleai"));
    const auto began = steady_now();
    while (steady_now() - began < 150ms) std::this_thread::yield();
    BOOST_TEST(!request.is_current());
    BOOST_TEST(request.open() == "KEY_REQUIRED");
}

BOOST_AUTO_TEST_CASE(without_a_cache_the_read_serves_its_own_request_and_none_that_waited_long) {
    vault_driver uncached(3, std::make_shared<vault_peers>(), *store, ring, with_ttl(0ms));
    waiting_request request(uncached);
    BOOST_TEST(request.open() == "sk-first");
    const auto began = steady_now();
    while (steady_now() - began < byot::vault::vault::shortest_use) std::this_thread::yield();
    BOOST_TEST(!request.is_current());
}

BOOST_AUTO_TEST_CASE(another_users_removal_takes_no_key_away) {
    one.open("ann");
    waiting_request request(one);
    BOOST_TEST(request.is_current());
    for (int i = 0; i < 64; ++i) one.remove("user-" + std::to_string(i));
    BOOST_TEST(request.is_current());
    BOOST_TEST(request.text() == "sk-first");
}

BOOST_AUTO_TEST_SUITE_END()
