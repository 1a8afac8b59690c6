#include "net/stream_io.hpp"

#include "net/fixture.hpp"
#include "net/raw_socket.hpp"

#include <dlfcn.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <cstring>

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

/// How a system's TCP_INQ may be.
enum class count_of_left { real, without_ends, none };

count_of_left kernels = count_of_left::real;

struct other_kernel {
    explicit other_kernel(count_of_left how) { kernels = how; }
    ~other_kernel() { kernels = count_of_left::real; }
};

} // namespace

// In the C library's place for this program.
extern "C" ssize_t recvmsg(int fd, msghdr* message, int flags) {
    static const auto real = reinterpret_cast<ssize_t (*)(int, msghdr*, int)>(dlsym(RTLD_NEXT, "recvmsg"));
    const auto count = real(fd, message, flags);
    auto* const note = count > 0 ? CMSG_FIRSTHDR(message) : nullptr;
    if (kernels != count_of_left::without_ends || !note || note->cmsg_type != TCP_CM_INQ) return count;
    int left = 0;
    ::ioctl(fd, FIONREAD, &left); // bytes only
    std::memcpy(CMSG_DATA(note), &left, sizeof left);
    return count;
}

extern "C" int setsockopt(int fd, int level, int name, const void* value, socklen_t size) noexcept {
    static const auto real =
        reinterpret_cast<int (*)(int, int, int, const void*, socklen_t)>(dlsym(RTLD_NEXT, "setsockopt"));
    if (kernels == count_of_left::none && level == SOL_TCP && name == TCP_INQ) {
        errno = ENOPROTOOPT;
        return -1;
    }
    return real(fd, level, name, value, size);
}

BOOST_FIXTURE_TEST_SUITE(stream_ios, reactor_fixture)

BOOST_AUTO_TEST_CASE(this_kernel_counts_ends_and_those_that_do_not_are_found_out) {
    BOOST_TEST(counts_ends());
    {
        const other_kernel like_gvisor(count_of_left::without_ends);
        BOOST_TEST(!counts_ends());
    }
    const other_kernel old(count_of_left::none);
    BOOST_TEST(!counts_ends());
}

BOOST_AUTO_TEST_CASE(a_drained_socket_is_told_from_one_with_bytes_or_an_end) {
    const struct {
        std::string_view sent;
        bool ends;
        bool is_drained;
    } rows[] = {{"four", false, true}, {"four more", false, false}, {"last", true, false}};
    for (const auto& row : rows) {
        pair q(home);
        tell_when_drained(q.theirs.native());
        auto sending = q.ours->send(row.sent);
        BOOST_TEST(sending.await_ready());
        if (row.ends) q.ours->close();
        char room[4];
        const auto step = read_now(q.theirs.native(), room, true);
        BOOST_TEST((step.what == io_step::kind::moved));
        BOOST_TEST(step.count == 4u);
        BOOST_TEST(step.is_drained == row.is_drained);
    }
}

BOOST_AUTO_TEST_CASE(an_end_behind_the_last_bytes_is_noticed_on_every_kernel_whoever_waits) {
    for (const auto how : {count_of_left::real, count_of_left::none}) {
        const other_kernel under(how);
        for (const std::string_view sent : {"answer", "a"}) {
            pair waited_for(home);
            pair watched(home);
            bool is_told = false;
            watched.ours->watch_peer([&is_told] { is_told = true; });
            auto body = [&]() -> task<void> {
                for (auto* const each : {&waited_for, &watched}) {
                    each->theirs.send(sent);
                    each->theirs.close();
                }
                auto outcome = co_await waited_for.ours->receive();
                BOOST_TEST((outcome == receive_outcome::arrived));
                outcome = co_await waited_for.ours->receive();
                BOOST_TEST((outcome == receive_outcome::ended));
                co_await home.sleep_until(steady_now() + 1ms);
                BOOST_TEST(is_told);
                BOOST_TEST(watched.ours->received() == sent);
                BOOST_TEST(!watched.ours->is_open());
            };
            run(body());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_idle_connection_that_ended_with_its_last_bytes_is_not_quiet) {
    const other_kernel old(count_of_left::none);
    pair p(home);
    auto body = [&]() -> task<void> {
        p.theirs.send("answer");
        p.theirs.end();
        const auto outcome = co_await p.ours->receive();
        BOOST_TEST((outcome == receive_outcome::arrived));
        p.ours->consume(p.ours->received().size());
        bool is_told = false;
        p.ours->watch_idle([&is_told] { is_told = true; });
        co_await home.sleep_until(steady_now() + 1ms);
        BOOST_TEST(is_told);
        BOOST_TEST(!p.ours->is_quiet());
    };
    run(body());
}

BOOST_AUTO_TEST_SUITE_END()
