#include "net/connection.hpp"

#include "net/connection_state.hpp"

#include <sys/socket.h>

#include <utility>

namespace byot::net {
namespace {

boost::asio::ip::address address_of_peer(int fd) noexcept {
    boost::asio::ip::tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    if (fd < 0 || ::getpeername(fd, peer.data(), &size) != 0) return {};
    const auto address = peer.address();
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
    return make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
}

int release(boost::asio::ip::tcp::socket& socket) noexcept {
    if (!socket.is_open()) return -1;
    boost::system::error_code error;
    return socket.release(error);
}

} // namespace

connection::state::state(reactor& home_, file_descriptor fd, std::unique_ptr<tls_session> tls_)
    : home(home_), socket(home_.state_->events, fd.release()), tls(std::move(tls_)), in(home_.state_->blocks),
      peer(address_of_peer(socket.native())) {
    static_assert(!descriptor::waits_outside || sizeof(state) < 700,
                  "a silent stream costs this and what Asio keeps, but no buffer");
    if (!socket.is_open()) is_failed = true;
    tells_drained = !tls && tell_when_drained(socket.native());
    join(home.state_->connections);
}

connection::state::~state() {
    take_apart(false);
}

connection::connection(reactor& home, boost::asio::ip::tcp::socket socket)
    : connection(home, release(socket)) {}

connection::connection(reactor& home, int fd) : connection(home, file_descriptor(fd)) {}

connection::connection(reactor& home, file_descriptor fd)
    : state_(std::make_shared<state>(home, std::move(fd), nullptr)) {
    state_->read_on();
}

connection::connection(reactor& home, file_descriptor fd, std::unique_ptr<tls_session> tls)
    : state_(std::make_shared<state>(home, std::move(fd), std::move(tls))) {
    state_->is_outgoing = true;
    state_->read_on();
}

// Nobody is resumed from here: who waits may be the one who destroys.
connection::~connection() {
    if (state_->receiver) std::exchange(state_->receiver, nullptr)->abandon();
    if (state_->sender) std::exchange(state_->sender, nullptr)->abandon();
    state_->take_apart(false);
}

reactor& connection::home() const noexcept {
    return state_->home;
}

std::string connection::peer_address() const {
    return state_->peer.to_string();
}

} // namespace byot::net
