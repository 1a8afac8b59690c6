#include "auth/allocations.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <memory>
#include <new>

namespace {

thread_local std::size_t allocations = 0;

void* counted(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}

} // namespace

std::size_t allocations_so_far() noexcept {
    return allocations;
}

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

BOOST_AUTO_TEST_SUITE(allocations_of_this_program)

BOOST_AUTO_TEST_CASE(each_is_counted) {
    const auto before = allocations_so_far();
    const std::unique_ptr<volatile int[]> some(new volatile int[100]);
    BOOST_TEST(allocations_so_far() > before);
}

BOOST_AUTO_TEST_SUITE_END()
