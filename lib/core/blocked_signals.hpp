#pragma once

#include <csignal>
#include <initializer_list>
#include <thread>
#include <utility>

namespace byot {

/// While it lives, signals sent to the process do not come to this thread; those that tell of the thread's
/// own faults do (pthread_sigmask(3)).
class blocked_signals {
public:
    blocked_signals() noexcept {
        sigset_t blocked;
        sigfillset(&blocked);
        for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT})
            sigdelset(&blocked, fault);
        pthread_sigmask(SIG_BLOCK, &blocked, &before_);
    }
    ~blocked_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    blocked_signals(const blocked_signals&) = delete;
    blocked_signals& operator=(const blocked_signals&) = delete;

private:
    sigset_t before_;
};

/// A thread that never takes a signal from those that wait for it, not even before its first instruction: it
/// is born so. Throws std::system_error when there cannot be one.
template <class Run>
std::thread thread_without_signals(Run&& run) {
    const blocked_signals meanwhile;
    return std::thread(std::forward<Run>(run));
}

} // namespace byot
