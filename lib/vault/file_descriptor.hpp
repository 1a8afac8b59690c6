#pragma once

#include "core/secret.hpp"

#include <utility>

#include <unistd.h>

namespace byot::vault {

/// An open file, closed when it goes.
class file_descriptor {
public:
    explicit file_descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
    file_descriptor(const file_descriptor&) = delete;
    file_descriptor& operator=(const file_descriptor&) = delete;
    ~file_descriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    explicit operator bool() const noexcept { return descriptor_ >= 0; }
    int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

/// Fills the secret's size with the file's bytes, or shortens it to those there are. False with errno set
/// when that fails.
bool read_all(int descriptor, secret& text);

} // namespace byot::vault
