#include "core/quiet_thread.hpp"

namespace byot {

signals_blocked::signals_blocked() noexcept {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT})
        sigdelset(&blocked, fault);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
}

signals_blocked::~signals_blocked() {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

} // namespace byot
