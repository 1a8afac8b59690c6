#include "net/receive_buffer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace byot::net;

namespace {

void put(receive_buffer& buffer, std::string_view bytes) {
    const auto room = buffer.room();
    BOOST_REQUIRE(room.size() >= bytes.size());
    std::ranges::copy(bytes, room.begin());
    buffer.filled(bytes.size());
}

bool is_wiped(const char* from, std::size_t count) {
    return std::all_of(from, from + count, [](char c) { return c == 0; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(receive_buffers)

BOOST_AUTO_TEST_CASE(consumed_bytes_are_wiped) {
    block_shelf shelf;
    receive_buffer buffer(shelf);
    put(buffer, "secret-rest");
    const auto* const memory = buffer.bytes().data();
    buffer.consume(7);
    BOOST_TEST(buffer.bytes() == "rest");
    BOOST_TEST(is_wiped(memory + 4, 7));
}

BOOST_AUTO_TEST_CASE(a_block_goes_back_to_the_shelf_wiped_when_all_is_consumed) {
    block_shelf shelf;
    receive_buffer buffer(shelf);
    put(buffer, "secret");
    const auto* const memory = buffer.bytes().data();
    buffer.consume(6);
    const auto block = shelf.take();
    BOOST_TEST((block.get() == memory));
    BOOST_TEST(is_wiped(block.get(), 6));
}

BOOST_AUTO_TEST_CASE(what_is_left_in_a_destroyed_buffer_is_wiped) {
    block_shelf shelf;
    {
        receive_buffer buffer(shelf);
        put(buffer, "secret");
    }
    const auto block = shelf.take();
    BOOST_TEST(is_wiped(block.get(), 6));
}

BOOST_AUTO_TEST_CASE(bytes_moved_to_the_front_leave_no_copy_behind) {
    for (const std::size_t consumed : {1u, 100u, 1024u, 1500u, 2047u}) {
        block_shelf shelf;
        receive_buffer buffer(shelf);
        put(buffer, std::string(2048, 's'));
        const auto* const memory = buffer.bytes().data();
        buffer.consume(consumed);
        BOOST_TEST((buffer.bytes().data() == memory));
        BOOST_TEST(buffer.bytes() == std::string(2048 - consumed, 's'));
        BOOST_TEST(is_wiped(memory + buffer.size(), consumed));
        BOOST_TEST(buffer.room().size() == consumed);
    }
}

BOOST_AUTO_TEST_CASE(a_buffer_that_grows_wipes_the_one_before) {
    block_shelf shelf;
    receive_buffer buffer(shelf);
    put(buffer, "x-secret");
    buffer.consume(1);
    buffer.reserve(4096);
    const auto block = shelf.take();
    BOOST_TEST(is_wiped(block.get(), 8));
    BOOST_TEST(buffer.bytes() == "-secret");
    BOOST_TEST(buffer.room().size() == 4096u - 7);
}

BOOST_AUTO_TEST_CASE(a_buffer_does_not_shrink_with_bytes_in_it) {
    block_shelf shelf;
    receive_buffer buffer(shelf);
    buffer.reserve(4096);
    put(buffer, "x");
    buffer.shrink();
    BOOST_TEST(buffer.capacity() == 4096u);
    BOOST_TEST(buffer.bytes() == "x");
}

BOOST_AUTO_TEST_CASE(a_smaller_reservation_changes_nothing) {
    block_shelf shelf;
    receive_buffer buffer(shelf);
    buffer.reserve(100);
    BOOST_TEST(buffer.capacity() == 2048u);
}

BOOST_AUTO_TEST_SUITE_END()
