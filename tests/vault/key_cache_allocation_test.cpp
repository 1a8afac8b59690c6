#include "vault/key_cache.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BYOT_HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BYOT_HAS_SANITIZER 1
#endif
#endif

namespace {

thread_local std::size_t allocations = 0;

} // namespace

#ifdef BYOT_HAS_SANITIZER

// A sanitizer has operators of its own, and tells of each allocation.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void*, std::size_t),
                                                         void (*freed)(const volatile void*));

namespace {

[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++allocations; }, [](const volatile void*) {});

} // namespace

#else

// The forms for arrays and the like come here too.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

#endif

using namespace byot;
using namespace byot::vault;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(key_cache_allocation_suite)

BOOST_AUTO_TEST_CASE(finding_a_key_allocates_nothing) {
    key_cache cache(10, 30s);
    const std::string uid = "a-user-id-that-is-too-long-for-a-small-string";
    const auto key = secret::copy_of("sk-0123456789-0123456789-0123456789");
    cache.put(uid, "googleai", {"cred_0123456789abcdef", key_state::verified, {}}, key, steady_time(),
              cache.epoch_of(uid));
    cache.put("another", "googleai", {"cred_1", key_state::verified, {}}, key, steady_time(), 0);
    std::array<char, 4096> out;
    const auto before = allocations;
    const bool is_found = cache.find(uid, "googleai", steady_time(), wall_time(), out).has_value();
    const bool is_other_found = cache.find(uid, "openai", steady_time(), wall_time(), out).has_value();
    const auto after = allocations;
    BOOST_TEST(before > 0U); // they are counted
    BOOST_TEST(after - before == 0U);
    BOOST_TEST(is_found);
    BOOST_TEST(!is_other_found);
}

BOOST_AUTO_TEST_SUITE_END()
