#pragma once

#include <utility>

#include <unistd.h>

namespace byot::net {

/// A descriptor on its way to its owner; closed when it does not get there.
class raw_descriptor {
public:
    explicit raw_descriptor(int fd) noexcept : fd_(fd) {}
    raw_descriptor(raw_descriptor&& other) noexcept : fd_(other.release()) {}
    raw_descriptor& operator=(raw_descriptor&&) = delete;
    ~raw_descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }

    int native() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_;
};

} // namespace byot::net
