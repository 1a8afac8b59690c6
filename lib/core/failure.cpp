#include "core/failure.hpp"

#include <stdexcept>

namespace byot {

failure&& failure::with(std::string name, std::string value) && {
    metadata_.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

failure&& failure::retry_after(std::chrono::seconds wait) && {
    retry_after_ = wait;
    return std::move(*this);
}

std::string_view failure::message() const noexcept {
    return message_.empty() ? describe(why_).message : std::string_view(message_);
}

std::chrono::seconds failure::retry_after() const noexcept {
    return retry_after_.count() >= 0 ? retry_after_ : describe(why_).retry_after;
}

void throw_exception_from_error(const failure& error, const boost::source_location&) {
    throw std::logic_error("a failure was taken for a value: " + std::string(error.message()));
}

} // namespace byot
