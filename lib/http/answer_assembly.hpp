#pragma once

#include "http/body_framing.hpp"
#include "http/client.hpp"

#include <cstddef>
#include <string_view>

namespace byot::http {

/// Puts one answer together from the bytes that come; does no I/O. Interim answers (1xx) are passed over.
class answer_assembly {
public:
    /// What a body larger than `max_body` is: no answer, or one that ends there (and with it its connection).
    enum class beyond_limit { wrong, cut };

    /// `is_head`: the request was HEAD, so there is no body, whatever the fields say.
    answer_assembly(bool is_head, std::size_t max_body, beyond_limit beyond = beyond_limit::wrong) noexcept
        : max_body_(max_body), beyond_(beyond), is_head_(is_head) {}

    enum class progress {
        wants_more, ///< not at its end
        whole,
        wrong, ///< no HTTP, or larger than was asked for
    };
    struct step {
        progress what = progress::wants_more;
        std::size_t used = 0; ///< bytes that are done with
    };
    /// Looks at the bytes after those already used.
    step advance(std::string_view bytes);

    /// Any byte of an answer was seen, an interim one's included.
    bool has_begun() const noexcept { return has_begun_; }
    /// The connection's end is the answer's.
    bool ends_with_connection() const noexcept { return has_head_ && body_.is_until_close(); }
    /// Once whole: the connection may carry another request.
    bool keeps_connection() const noexcept { return keeps_alive_; }
    /// What has come of it.
    std::string_view body() const noexcept { return answer_.body; }
    client_answer take() noexcept { return std::move(answer_); }

private:
    step read_head(std::string_view bytes);
    step read_body(std::string_view bytes);
    step stop_at_limit(std::size_t used) noexcept;
    bool append(std::string_view content);

    client_answer answer_;
    body_framing body_ = body_framing::none();
    std::size_t max_body_;
    beyond_limit beyond_;
    bool is_head_;
    bool has_begun_ = false;
    bool has_head_ = false;
    bool keeps_alive_ = false;
};

} // namespace byot::http
