#include "net/readiness.hpp"

#if !defined(BYOT_ASIO_EPOLL)

#include <boost/asio/post.hpp>

#include <new>
#include <utility>

#include <unistd.h>

namespace byot::net {

/// The operation's own memory for its handler; the heap for what does not fit.
template <class T>
class operation_memory {
public:
    using value_type = T;
    explicit operation_memory(pending_operation& of) noexcept : of_(&of) {}
    template <class U>
    operation_memory(const operation_memory<U>& other) noexcept : of_(other.of_) {}

    T* allocate(std::size_t count) {
        if (of_->is_memory_taken_ || count * sizeof(T) > of_->memory_.size())
            return static_cast<T*>(::operator new(count * sizeof(T)));
        of_->is_memory_taken_ = true;
        return reinterpret_cast<T*>(of_->memory_.data());
    }
    void deallocate(T* memory, std::size_t) noexcept {
        if (reinterpret_cast<std::byte*>(memory) != of_->memory_.data()) {
            ::operator delete(memory);
        } else {
            of_->is_memory_taken_ = false;
        }
    }
    template <class U>
    bool operator==(const operation_memory<U>& other) const noexcept {
        return of_ == other.of_;
    }

private:
    template <class U>
    friend class operation_memory;
    pending_operation* of_;
};

/// Goes on with an operation when its descriptor is ready, or tells what is known. One that is dropped (the
/// reactor is taken apart) lets go of the operation.
class descriptor::handler {
public:
    handler(descriptor& of, wait_type kind, pending_operation& op, bool is_done) noexcept
        : of_(of), kind_(kind), op_(&op), is_done_(is_done) {}
    handler(handler&& other) noexcept
        : of_(other.of_), kind_(other.kind_), op_(std::exchange(other.op_, nullptr)),
          is_done_(other.is_done_) {}
    ~handler() {
        if (op_) op_->tell(false);
    }

    using allocator_type = operation_memory<void>;
    allocator_type get_allocator() const noexcept { return allocator_type(*op_); }

    void operator()() { std::exchange(op_, nullptr)->tell(true); }
    void operator()(const boost::system::error_code& error) {
        op_->has_failed_ = static_cast<bool>(error);
        if (op_->has_failed_ || is_done_ || op_->try_now() != io_status::not_done) {
            (*this)();
        } else {
            of_.wait(kind_, std::move(*this));
        }
    }

private:
    descriptor& of_;
    wait_type kind_;
    pending_operation* op_;
    bool is_done_;
};

// A descriptor that cannot be watched is not kept open: its operations then fail.
descriptor::descriptor(wait_set& set, int fd) : stream_(set), fd_(fd) {
    if (fd_ < 0) return;
    try {
        boost::system::error_code error;
        stream_.assign(fd_, error);
        if (!error) return;
    } catch (...) {
        ::close(fd_);
        throw;
    }
    ::close(std::exchange(fd_, -1));
}

void descriptor::start(wait_type kind, pending_operation& op) {
    op.has_failed_ = false;
    const bool is_done = op.try_now() != io_status::not_done;
    handler then(*this, kind, op, is_done);
    if (is_done) {
        boost::asio::post(stream_.get_executor(), std::move(then));
    } else {
        wait(kind, std::move(then));
    }
}

void descriptor::wait(wait_type kind, handler then) {
    stream_.async_wait(kind, std::move(then));
}

void descriptor::close() noexcept {
    end(linger{0, 0});
}

void descriptor::reset() noexcept {
    end(linger{1, 0});
}

void descriptor::end(const linger& how) noexcept {
    if (fd_ < 0) return;
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &how, sizeof how);
    stream_.release();
    ::close(std::exchange(fd_, -1));
}

} // namespace byot::net

#endif
