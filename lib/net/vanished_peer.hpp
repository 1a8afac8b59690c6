#pragma once

namespace byot::net {

/// Has the kernel find out when the peer of a connection that this side opened is gone without a word (a
/// machine that lost its power, a path that drops packets). One that is silent for 10 s is asked every 5 s
/// whether it is there (RFC 9293 §3.8.4); one that acknowledges nothing, or takes no bytes, for 30 s is given
/// up (RFC 5482). Reads and writes then fail.
void notice_vanished_peer(int fd) noexcept;

} // namespace byot::net
