#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>

namespace byot::net::testing {

/// While it lives, the system gives this process no large piece of memory (mmap fails): a megabyte is left
/// for a sanitizer's own needs.
class no_more_pages {
public:
    no_more_pages() {
        ::getrlimit(RLIMIT_AS, &before_);
        std::size_t pages = 0; // of address space in use (proc_pid_statm(5))
        std::ifstream("/proc/self/statm") >> pages;
        rlimit fewer = before_;
        fewer.rlim_cur = pages * static_cast<std::size_t>(::getpagesize()) + left;
        ::setrlimit(RLIMIT_AS, &fewer);
    }
    ~no_more_pages() { ::setrlimit(RLIMIT_AS, &before_); }
    no_more_pages(const no_more_pages&) = delete;
    no_more_pages& operator=(const no_more_pages&) = delete;

private:
    static constexpr rlim_t left = 1024 * 1024;
    rlimit before_{};
};

} // namespace byot::net::testing
