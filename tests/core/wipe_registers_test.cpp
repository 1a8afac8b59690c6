#include "core/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>

#if defined(__x86_64__)

namespace {

/// Each of the sixteen registers that every x86-64 has is filled, wiped and read, with nothing between that
/// could use one.
template <class Fill, class Read>
std::uint64_t left_after_wiping(Fill fill, Read read) {
    fill(0x4141414141414141);
    byot::wipe_registers();
    return read();
}

#define BYOT_REGISTER(number)                                                                                \
    left_after_wiping(                                                                                       \
        [](std::uint64_t value) { asm volatile("movq %0, %%xmm" #number ::"r"(value)                         \
                                               : "xmm" #number); },    \
        [] {                                                                                                 \
            std::uint64_t value = 0;                                                                         \
            asm volatile("movq %%xmm" #number ", %0" : "=r"(value));                                         \
            return value;                                                                                    \
        })

} // namespace

BOOST_AUTO_TEST_SUITE(wiped_registers)

BOOST_AUTO_TEST_CASE(hold_nothing_of_what_was_copied_through_them) {
    const std::array left{BYOT_REGISTER(0), BYOT_REGISTER(1),  BYOT_REGISTER(7),
                          BYOT_REGISTER(8), BYOT_REGISTER(14), BYOT_REGISTER(15)};
    for (const auto value : left) BOOST_TEST(value == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

#endif
