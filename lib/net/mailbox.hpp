#pragma once

#include "core/signal.hpp"

#include <boost/asio/io_context.hpp>

#include <array>
#include <cstddef>
#include <mutex>

namespace byot::net {

/// Something for a reactor that lies in its sender's memory, so that posting it allocates nothing and cannot
/// fail. It is in one mailbox at a time and stays where it is until it arrives.
class letter {
public:
    letter() = default;
    letter(const letter&) = delete;
    letter& operator=(const letter&) = delete;

    /// On the reactor's thread; the letter may end itself in here.
    virtual void arrive() noexcept = 0;
    /// In place of `arrive` when the reactor ends first, after everything that runs on it.
    virtual void discard() noexcept {}

protected:
    virtual ~letter() = default;

private:
    friend class mailbox;
    letter* next_ = nullptr;
};

/// Tells a signal on the reactor that waits for it.
class notice final : public letter {
public:
    explicit notice(signal& of) noexcept : of_(of) {}
    void arrive() noexcept override { of_.notify(); }

private:
    signal& of_;
};

/// The letters of one reactor, in the order they came. Must outlive the context.
class mailbox {
public:
    explicit mailbox(boost::asio::io_context& context) noexcept : context_(context) {}
    ~mailbox();
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;

    /// From any thread.
    void put(letter& what) noexcept;

private:
    template <class T>
    class reserved;

    void ring() noexcept;
    void deliver() noexcept;
    letter* take_all() noexcept;

    boost::asio::io_context& context_;
    std::mutex guard_;
    letter* first_ = nullptr;
    letter* last_ = nullptr;
    bool is_rung_ = false;
    alignas(std::max_align_t) std::array<std::byte, 128> memory_; ///< of the one handler under way
};

} // namespace byot::net
