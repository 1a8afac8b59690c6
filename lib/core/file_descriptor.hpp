#pragma once

#include <string_view>
#include <utility>

namespace byot {

class secret;

/// Owns an open file, socket or lock, and closes it when it goes. Negative: none.
class file_descriptor {
public:
    file_descriptor() = default;
    /// Takes `fd`; a negative one stands for what could not be opened, with errno as the system set it.
    explicit file_descriptor(int fd) noexcept : fd_(fd) {}
    file_descriptor(file_descriptor&& other) noexcept : fd_(other.release()) {}
    file_descriptor& operator=(file_descriptor&& other) noexcept;
    ~file_descriptor();

    explicit operator bool() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }
    /// The caller closes it from now on.
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

/// Fills the secret's size with the file's bytes, or shortens it to those there are. False with errno set
/// when that fails.
bool read_all(int fd, secret& text);

/// Writes all bytes, waiting where the descriptor does not block. False with errno set when that fails; a
/// part may be out then.
bool write_all(int fd, std::string_view bytes) noexcept;

} // namespace byot
