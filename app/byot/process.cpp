#include "process.hpp"

#include <sodium.h>
#include <sys/resource.h>

#include <csignal>
#include <stdexcept>

namespace byot::app {

void prepare_process() {
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    std::signal(SIGPIPE, SIG_IGN);
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

} // namespace byot::app
