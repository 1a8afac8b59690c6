#pragma once

#include <boost/version.hpp>

/// How a descriptor is waited for: over Asio's inside where it is known (`asio_epoll.hpp`), else over its
/// public interface (`asio_wait.hpp`), which costs a system call and a read more for each message.
/// BYOT_PUBLIC_ASIO takes the second everywhere. Both give `io_status`, `readiness_operation`,
/// `pending_operation`, `descriptor` and `closed_registrations`.
#if !defined(BYOT_PUBLIC_ASIO) && BOOST_VERSION >= 108100 &&                                                 \
    BOOST_VERSION < 108400 // those it was tested with
#define BYOT_ASIO_EPOLL
#include "net/asio_epoll.hpp"
#else
#include "net/asio_wait.hpp"
#endif
