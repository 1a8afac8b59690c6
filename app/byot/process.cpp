#include "process.hpp"

#include "core/secret.hpp"

#include <malloc.h>
#include <openssl/crypto.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
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

// Memory that is given back to the heap is overwritten first, so that what a freed string held cannot be
// found in an image of the process. Keys have locked memory of their own, but what a client put in a wrong
// place (a key in a query, say) and what a token was decoded to pass through ordinary strings. A warm request
// allocates nothing and so pays nothing.
void free_wiped(void* memory) noexcept {
    if (!memory) return;
    wipe(memory, malloc_usable_size(memory));
    std::free(memory);
}

void* allocate(std::size_t size, const char*, int) {
    return size ? std::malloc(size) : nullptr;
}

void release(void* memory, const char*, int) {
    free_wiped(memory);
}

// std::realloc would leave the old block as it was.
void* move_to(void* memory, std::size_t size, const char*, int) {
    auto* const larger = size ? std::malloc(size) : nullptr;
    if (size && !larger) return nullptr; // the old block stays its owner's
    if (larger && memory) std::memcpy(larger, memory, std::min(size, malloc_usable_size(memory)));
    free_wiped(memory);
    return larger;
}

/// From then on OpenSSL overwrites each block of memory that it gives back: a signature and what it decrypted
/// lie in many of them.
void wipe_what_openssl_frees() {
    if (CRYPTO_set_mem_functions(&allocate, &move_to, &release) != 1)
        throw std::logic_error("OpenSSL was used before its memory was seen to");
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

// A sanitizer has operators of its own, which must see each block come and go.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BYOT_HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BYOT_HAS_SANITIZER 1
#endif
#endif

#ifndef BYOT_HAS_SANITIZER

// The array, sized and nothrow forms end in these
// (https://en.cppreference.com/w/cpp/memory/new/operator_delete).
void operator delete(void* memory) noexcept {
    byot::app::free_wiped(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    byot::app::free_wiped(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    byot::app::free_wiped(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    byot::app::free_wiped(memory);
}

#endif
