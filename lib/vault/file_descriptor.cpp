#include "vault/file_descriptor.hpp"

#include <cerrno>

namespace byot::vault {

bool read_all(int descriptor, secret& text) {
    std::size_t read_so_far = 0;
    const auto room = text.expose_writable();
    while (read_so_far < room.size()) {
        const auto count = ::read(descriptor, room.data() + read_so_far, room.size() - read_so_far);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        if (count == 0) break;
        read_so_far += static_cast<std::size_t>(count);
    }
    text.resize(read_so_far);
    return true;
}

} // namespace byot::vault
