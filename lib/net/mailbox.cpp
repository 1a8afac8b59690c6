#include "net/mailbox.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>

#include <cassert>
#include <utility>

namespace byot::net {

/// Gives Asio the mailbox's own memory: it asks for one handler's at a time.
template <class T>
class mailbox::reserved {
public:
    using value_type = T;

    explicit reserved(mailbox& of) noexcept : of_(&of) {}
    template <class U>
    reserved(const reserved<U>& other) noexcept : of_(other.of_) {}

    T* allocate([[maybe_unused]] std::size_t count) noexcept {
        assert(count * sizeof(T) <= of_->memory_.size());
        static_assert(sizeof(T) <= sizeof(of_->memory_));
        return reinterpret_cast<T*>(of_->memory_.data());
    }
    void deallocate(T*, std::size_t) noexcept {}

    template <class U>
    bool operator==(const reserved<U>& other) const noexcept {
        return of_ == other.of_;
    }

private:
    template <class U>
    friend class reserved;
    mailbox* of_;
};

mailbox::~mailbox() {
    for (auto* next = take_all(); next;) std::exchange(next, next->next_)->discard();
}

void mailbox::put(message& what) noexcept {
    {
        const std::lock_guard held(guard_);
        what.next_ = nullptr;
        (last_ ? last_->next_ : first_) = &what;
        last_ = &what;
        if (std::exchange(is_rung_, true)) return;
    }
    ring();
}

void mailbox::ring() noexcept {
    boost::asio::post(context_, boost::asio::bind_allocator(reserved<void*>(*this), [this] { deliver(); }));
}

message* mailbox::take_all() noexcept {
    const std::lock_guard held(guard_);
    is_rung_ = false;
    last_ = nullptr;
    return std::exchange(first_, nullptr);
}

void mailbox::deliver() noexcept {
    for (auto* next = take_all(); next;) std::exchange(next, next->next_)->arrive();
}

} // namespace byot::net
