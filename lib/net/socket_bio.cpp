#include "net/socket_bio.hpp"

#include "net/stream_io.hpp"

#include <openssl/bio.h>

#include <cstdint>
#include <memory>
#include <new>

namespace byot::net {
namespace {

int descriptor_of(BIO* bio) noexcept {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int write_bytes(BIO* bio, const char* bytes, int count) {
    BIO_clear_retry_flags(bio);
    const auto step = write_now(descriptor_of(bio), {bytes, static_cast<std::size_t>(count)});
    if (step.what == io_step::kind::moved) return static_cast<int>(step.count);
    if (step.what == io_step::kind::would_block) BIO_set_retry_write(bio);
    return -1;
}

int read_bytes(BIO* bio, char* room, int size) {
    BIO_clear_retry_flags(bio);
    const auto step = read_now(descriptor_of(bio), {room, static_cast<std::size_t>(size)}, false);
    switch (step.what) {
    case io_step::kind::moved:
        return static_cast<int>(step.count);
    case io_step::kind::ended:
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
        return 0;
    case io_step::kind::would_block:
        BIO_set_retry_read(bio);
        return -1;
    default:
        return -1;
    }
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) ? 1 : 0;
    return 0;
}

BIO_METHOD* make_method() {
    auto* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "byot socket");
    if (!method) throw std::bad_alloc();
    BIO_meth_set_write(method, write_bytes);
    BIO_meth_set_read(method, read_bytes);
    BIO_meth_set_ctrl(method, control);
    return method;
}

struct free_method {
    void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};

} // namespace

bio_st* make_socket_bio(int fd) {
    static const std::unique_ptr<BIO_METHOD, free_method> method(make_method());
    auto* const bio = BIO_new(method.get());
    if (!bio) throw std::bad_alloc();
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
    BIO_set_init(bio, 1);
    return bio;
}

} // namespace byot::net
