#include "core/blocked_signals.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;

namespace {

bool is_blocked(int signal) {
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, nullptr, &now);
    return sigismember(&now, signal) == 1;
}

struct seen_by_a_thread {
    bool of_others = true; ///< all of SIGTERM, SIGINT, SIGPIPE blocked
    bool of_its_faults = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(threads_without_signals)

BOOST_AUTO_TEST_CASE(it_takes_no_signal_but_of_its_own_faults) {
    seen_by_a_thread seen;
    thread_without_signals([&seen] {
        for (const int other : {SIGTERM, SIGINT, SIGPIPE, SIGPROF, SIGCHLD})
            seen.of_others = seen.of_others && is_blocked(other);
        for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT})
            seen.of_its_faults = seen.of_its_faults || is_blocked(fault);
    }).join();
    BOOST_TEST(seen.of_others);
    BOOST_TEST(!seen.of_its_faults);
}

BOOST_AUTO_TEST_CASE(whoever_makes_it_takes_signals_as_before) {
    BOOST_TEST(!is_blocked(SIGTERM));
    {
        const blocked_signals meanwhile;
        BOOST_TEST(is_blocked(SIGTERM));
        thread_without_signals([] {}).join();
        BOOST_TEST(is_blocked(SIGTERM));
    }
    BOOST_TEST(!is_blocked(SIGTERM));
}

BOOST_AUTO_TEST_SUITE_END()
