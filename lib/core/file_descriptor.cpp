#include "core/file_descriptor.hpp"

#include "core/secret.hpp"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace byot {
namespace {

/// Whether another attempt makes sense, after waiting for it.
bool may_go_on(int fd, int error) noexcept {
    if (error == EINTR) return true;
    if (error != EAGAIN && error != EWOULDBLOCK) return false;
    pollfd room{fd, POLLOUT, 0};
    return ::poll(&room, 1, -1) >= 0 || errno == EINTR;
}

} // namespace

file_descriptor& file_descriptor::operator=(file_descriptor&& other) noexcept {
    file_descriptor old(std::exchange(fd_, other.release()));
    return *this;
}

file_descriptor::~file_descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

bool read_all(int fd, secret& text) {
    std::size_t read_so_far = 0;
    const auto room = text.expose_writable();
    while (read_so_far < room.size()) {
        const auto count = ::read(fd, room.data() + read_so_far, room.size() - read_so_far);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        if (count == 0) break;
        read_so_far += static_cast<std::size_t>(count);
    }
    text.resize(read_so_far);
    return true;
}

bool write_all(int fd, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written == 0 || (written < 0 && !may_go_on(fd, errno))) return false;
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace byot
