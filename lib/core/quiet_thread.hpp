#pragma once

#include <csignal>
#include <thread>
#include <utility>

namespace byot {

/// While it lives, signals sent to the process do not come to this thread; those that tell of the thread's
/// own faults do (pthread_sigmask(3)).
class signals_blocked {
public:
    signals_blocked() noexcept;
    ~signals_blocked();
    signals_blocked(const signals_blocked&) = delete;
    signals_blocked& operator=(const signals_blocked&) = delete;

private:
    sigset_t before_;
};

/// A thread that never takes a signal from those that wait for it, not even before its first instruction: it
/// is born so. Throws std::system_error when there cannot be one.
template <class Run>
std::thread quiet_thread(Run&& run) {
    const signals_blocked meanwhile;
    return std::thread(std::forward<Run>(run));
}

} // namespace byot
