#pragma once

#include "core/clock.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <vector>

namespace byot::net {

/// The addresses of a host in the order to try them: as they came (RFC 6724), but the families take turns,
/// beginning with the first one's (RFC 8305 §4, with a First Address Family Count of 1). Each once.
std::vector<boost::asio::ip::tcp::endpoint>
in_attempt_order(std::vector<boost::asio::ip::tcp::endpoint> addresses);

/// How long an attempt has for itself before the next one begins beside it: 250 ms (RFC 8305 §5), less where
/// `time_left` would not do for all the addresses, but not less than 10 ms.
steady_time::duration attempt_delay(steady_time::duration time_left, std::size_t addresses) noexcept;

} // namespace byot::net
