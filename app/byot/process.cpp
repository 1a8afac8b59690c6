#include "process.hpp"

#include "freed_memory.hpp"

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string_view>

namespace byot::app {
namespace {

void raise_to_hard_limit(decltype(RLIMIT_NOFILE) what) noexcept {
    rlimit limits{};
    if (getrlimit(what, &limits) != 0) return;
    limits.rlim_cur = limits.rlim_max;
    setrlimit(what, &limits);
}

/// Says that it was an exception and no more: its text may quote a request or a key.
[[noreturn]] void end_by_exception() noexcept {
    constexpr std::string_view line =
        "{\"severity\":\"CRITICAL\",\"message\":\"byot ends: an exception that nobody expected\"}\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
    std::abort();
}

} // namespace

void prepare_process() {
    wipe_what_openssl_frees();
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_DUMPABLE, 0);
    raise_to_hard_limit(RLIMIT_NOFILE);
    raise_to_hard_limit(RLIMIT_MEMLOCK);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    std::set_terminate(end_by_exception);
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

void ignore_ending_signals() noexcept {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
}

} // namespace byot::app
