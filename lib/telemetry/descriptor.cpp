#include "telemetry/descriptor.hpp"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace byot::telemetry {
namespace {

/// Whether another attempt makes sense, after waiting for it.
bool may_go_on(int descriptor, int error) noexcept {
    if (error == EINTR) return true;
    if (error != EAGAIN && error != EWOULDBLOCK) return false;
    pollfd room{descriptor, POLLOUT, 0};
    return ::poll(&room, 1, -1) >= 0 || errno == EINTR;
}

} // namespace

void write_all(int descriptor, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (written == 0 || !may_go_on(descriptor, errno)) {
            return;
        }
    }
}

} // namespace byot::telemetry
