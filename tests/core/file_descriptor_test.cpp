#include "core/file_descriptor.hpp"

#include "core/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

namespace byot {
namespace {

struct pipe_ends {
    pipe_ends() {
        std::array<int, 2> ends{};
        BOOST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        reading = file_descriptor(ends[0]);
        writing = file_descriptor(ends[1]);
    }
    file_descriptor reading;
    file_descriptor writing;
};

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(file_descriptors)

BOOST_AUTO_TEST_CASE(one_is_closed_when_it_goes_and_when_another_takes_its_place) {
    int first = -1;
    {
        pipe_ends pipe;
        first = pipe.reading.get();
        const auto second = pipe.writing.get();
        pipe.reading = std::move(pipe.writing);
        BOOST_TEST(!is_open(first));
        BOOST_TEST(pipe.reading.get() == second);
        BOOST_TEST(!pipe.writing);
        first = second;
        BOOST_TEST(is_open(first));
    }
    BOOST_TEST(!is_open(first));
}

BOOST_AUTO_TEST_CASE(a_released_one_stays_open) {
    pipe_ends pipe;
    const file_descriptor again(pipe.reading.release());
    BOOST_TEST(!pipe.reading);
    BOOST_TEST(is_open(again.get()));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_and_the_secret_shortened_to_it) {
    pipe_ends pipe;
    BOOST_TEST(write_all(pipe.writing.get(), "abc"));
    pipe.writing = file_descriptor();
    secret text(8);
    text.resize(8);
    BOOST_TEST(read_all(pipe.reading.get(), text));
    BOOST_TEST(text.expose() == "abc");
}

BOOST_AUTO_TEST_CASE(writing_waits_for_room_where_the_descriptor_does_not_block) {
    pipe_ends pipe;
    BOOST_REQUIRE(::fcntl(pipe.writing.get(), F_SETFL, O_NONBLOCK) == 0);
    const std::string much(300'000, 'x');
    std::size_t count = 0;
    std::thread reader([&] {
        std::array<char, 4096> room;
        while (count < much.size())
            count += static_cast<std::size_t>(::read(pipe.reading.get(), room.data(), room.size()));
    });
    BOOST_TEST(write_all(pipe.writing.get(), much));
    reader.join();
    BOOST_TEST(count == much.size());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_or_read_is_told) {
    pipe_ends pipe;
    BOOST_TEST(!write_all(pipe.reading.get(), "abc"));
    secret text(8);
    text.resize(8);
    BOOST_TEST(!read_all(pipe.writing.get(), text));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot
