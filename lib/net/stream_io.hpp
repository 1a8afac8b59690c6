#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace byot::net {

/// What one try to move bytes came to.
struct io_step {
    enum class kind : unsigned char {
        moved,
        would_block,
        ended,  ///< the peer ended its side in order
        failed, ///< fault of TLS, or the peer is gone
        reset,  ///< the peer reset the connection
    };
    kind what = kind::would_block;
    bool is_drained = false; ///< of a read: nothing more was there, no end either
    std::size_t count = 0;
};

/// Whether the kernel's count of what is left (TCP_INQ) has one for an end that is behind the last bytes:
/// Linux does, gVisor does not, and an end that came with them raises no event of its own. Found by trying
/// it, over loopback; false where that cannot be tried.
bool counts_ends() noexcept;

/// Asks that reads tell whether the socket was drained (TCP_INQ). False where the kernel cannot, or where an
/// end is not counted (`counts_ends`, asked once a process): then each read is followed by one that finds
/// nothing.
bool tell_when_drained(int fd) noexcept;

/// One non-blocking recv. With `tells_drained` it fills `is_drained`.
io_step read_now(int fd, std::span<char> room, bool tells_drained) noexcept;
/// One non-blocking send.
io_step write_now(int fd, std::string_view bytes) noexcept;
/// Whether an end or a fault waits behind what was read; `moved` when bytes do.
io_step peek_now(int fd) noexcept;

} // namespace byot::net
