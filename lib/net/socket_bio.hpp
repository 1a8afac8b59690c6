#pragma once

struct bio_st;

namespace byot::net {

/// OpenSSL's way to a socket, as its own but never blocking and never raising SIGPIPE. Does not own `fd`.
bio_st* make_socket_bio(int fd);

} // namespace byot::net
