#pragma once

#include "core/async_event.hpp"

#include <boost/asio/io_context.hpp>

#include <array>
#include <cstddef>
#include <mutex>

namespace byot::net {

/// Something for a reactor that lies in its sender's memory, so that posting it allocates nothing and cannot
/// fail. It is in one mailbox at a time and stays where it is until it arrives.
class message {
public:
    message() = default;
    message(const message&) = delete;
    message& operator=(const message&) = delete;

    /// On the reactor's thread; the message may end itself in here.
    virtual void arrive() noexcept = 0;
    /// In place of `arrive` when the reactor ends first, after everything that runs on it.
    virtual void discard() noexcept {}

protected:
    virtual ~message() = default;

private:
    friend class mailbox;
    message* next_ = nullptr;
};

/// Notifies an event on the reactor that waits for it.
class event_message final : public message {
public:
    explicit event_message(async_event& of) noexcept : of_(of) {}
    void arrive() noexcept override { of_.notify(); }

private:
    async_event& of_;
};

/// The messages of one reactor, in the order they came. Must outlive the context.
class mailbox {
public:
    explicit mailbox(boost::asio::io_context& context) noexcept : context_(context) {}
    ~mailbox();
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;

    /// From any thread.
    void put(message& what) noexcept;

private:
    template <class T>
    class reserved;

    void ring() noexcept;
    void deliver() noexcept;
    message* take_all() noexcept;

    boost::asio::io_context& context_;
    std::mutex guard_;
    message* first_ = nullptr;
    message* last_ = nullptr;
    bool is_rung_ = false;
    alignas(std::max_align_t) std::array<std::byte, 128> memory_; ///< of the one handler under way
};

} // namespace byot::net
