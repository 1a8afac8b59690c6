#pragma once

#include "http/check_head.hpp"
#include "http/hostile_text.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <utility>

namespace byot::test {

/// A request that was scanned and checked; it keeps the bytes that the views point into.
class checked_request {
public:
    explicit checked_request(std::string bytes) : bytes_(std::move(bytes)) {
        const auto scanned = http::scan_request_head(bytes_);
        BOOST_REQUIRE_MESSAGE(scanned.has_value() && scanned.value(), legible(bytes_));
        const auto checked = http::check_head(*scanned.value());
        if (checked.has_value()) head_ = checked.value();
        if (checked.has_error()) BOOST_TEST((checked.error().why() == reason::request_malformed));
    }
    bool is_accepted() const { return head_.has_value(); }
    const http::checked_head* operator->() const {
        BOOST_REQUIRE_MESSAGE(head_, legible(bytes_));
        return &*head_;
    }

private:
    std::string bytes_;
    std::optional<http::checked_head> head_;
};

inline checked_request with_fields(std::string_view fields) {
    return checked_request(request_of("POST /x HTTP/1.1", fields));
}

inline checked_request with_target(std::string_view method, std::string_view target) {
    return checked_request(request_of(fmt::format("{} {} HTTP/1.1", method, target)));
}

inline checked_request with_host(std::string_view host) {
    return checked_request(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", host));
}

} // namespace byot::test
