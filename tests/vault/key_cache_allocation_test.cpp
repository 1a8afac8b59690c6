#include "vault/key_cache.hpp"

#include "allocation_count.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

namespace {

using namespace byot;
using namespace byot::vault;
using namespace std::chrono_literals;

} // namespace

BOOST_AUTO_TEST_SUITE(key_cache_allocation_suite)

BOOST_AUTO_TEST_CASE(finding_a_key_allocates_nothing) {
    key_cache cache(10, 30s);
    const auto who = user_id::in_tenant("acme-x1y2z", "a-user-id-that-is-too-long-for-a-small-string");
    const auto key = secret::copy_of("sk-0123456789-0123456789-0123456789");
    cache.put(who, "googleai", {"cred_0123456789abcdef", key_state::verified, {}}, key, steady_time(),
              cache.epoch_of(who));
    cache.put(user_id("another"), "googleai", {"cred_1", key_state::verified, {}}, key, steady_time(), 0);
    std::array<char, 4096> out;
    const auto before = allocations_so_far();
    const bool is_found = cache.find(who, "googleai", steady_time(), wall_time(), out).has_value();
    const bool is_other_found = cache.find(who, "openai", steady_time(), wall_time(), out).has_value();
    const auto after = allocations_so_far();
    BOOST_TEST(before > 0U); // they are counted
    BOOST_TEST(after - before == 0U);
    BOOST_TEST(is_found);
    BOOST_TEST(!is_other_found);
}

BOOST_AUTO_TEST_SUITE_END()
