#pragma once

#include "core/reason.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot {

/// Why something expected to fail sometimes did: a reason of the table, a sentence for a person, and facts
/// about it. Nothing a client sent is ever put in: a client may have put a key there.
class failure {
public:
    /// INTERNAL. Only here because `result<T>::error()` of Boost 1.81 wants one.
    failure() : why_(reason::internal) {}
    failure(reason why) : why_(why) {}
    failure(reason why, std::string message) : why_(why), message_(std::move(message)) {}

    /// Adds a fact for programs (`metadata` of google.rpc.ErrorInfo).
    failure&& with(std::string name, std::string value) &&;
    /// Overrides the table's Retry-After.
    failure&& retry_after(std::chrono::seconds wait) &&;

    reason why() const noexcept { return why_; }
    /// The sentence given, else the table's.
    std::string_view message() const noexcept;
    const std::vector<std::pair<std::string, std::string>>& metadata() const noexcept { return metadata_; }
    /// Zero when the answer carries no Retry-After.
    std::chrono::seconds retry_after() const noexcept;

private:
    reason why_;
    std::string message_;
    std::vector<std::pair<std::string, std::string>> metadata_;
    std::chrono::seconds retry_after_{-1};
};

/// Called by `result<T>::value()` on a failure: nobody should.
[[noreturn]] void throw_exception_from_error(const failure& error, const boost::source_location& where);

/// A value, or the failure that took its place.
template <class T>
using result = boost::system::result<T, failure>;

} // namespace byot
