#pragma once

namespace byot::net {

// What the kernel is told about sockets, beside what every one gets where it is opened.

/// Bounds what the kernel holds for a peer that does not read, or sends what nobody reads yet: left alone,
/// Linux grows it to 4 MiB and more each way (tcp(7): tcp_rmem, tcp_wmem). To be called before a socket
/// listens or connects, since the window's scale is agreed on then; accepted sockets inherit it.
///
/// `client_buffer` bytes each way to clients, who may be 100 ms away: 2.6 MB/s then. `upstream_buffer` to
/// upstreams, which are near. README.md of this room has the argument.
inline constexpr int client_buffer = 256 * 1024;
inline constexpr int upstream_buffer = 128 * 1024;
void bound_kernel_buffers(int fd, int bytes) noexcept;

/// Bounds what waits behind what is on its way, so that a client that does not read takes little of its
/// buffer (tcp(7), TCP_NOTSENT_LOWAT), while one that reads may have all of it under way.
inline constexpr int most_not_sent = 32 * 1024;
void bound_not_sent(int fd) noexcept;

/// Has the kernel find out when the peer of a connection that this side opened is gone without a word (a
/// machine that lost its power, a path that drops packets). One that is silent for 10 s is asked every 5 s
/// whether it is there (RFC 9293 §3.8.4); one that acknowledges nothing, or takes no bytes, for 30 s is given
/// up (RFC 5482). Reads and writes then fail.
void notice_vanished_peer(int fd) noexcept;

} // namespace byot::net
