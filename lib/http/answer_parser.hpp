#pragma once

#include "http/client.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace byot::http {

/// Parses one answer from the bytes that come, by Beast's parser; does no I/O. Interim answers (1xx) are
/// passed over. Beast follows RFC 9112 more loosely than this client: refused beside what Beast refuses are a
/// status outside 200 … 599 (101 too), a repeated or listed Content-Length, a Transfer-Encoding other than
/// chunked or on HTTP/1.0, content of an interim answer, more than `max_head_size` bytes or `max_head_fields`
/// fields of head, 256 bytes of a chunk's extensions and 8 KiB of trailers. Taken though Beast refuses it: a
/// status line that ends behind the status, as some servers send it (RFC 9112 §4 wants a space there).
class answer_parser {
public:
    /// What a body larger than `max_body` is: no answer, or one that ends there (and with it its connection).
    enum class beyond_limit { wrong, cut };

    /// `is_head`: the request was HEAD, so there is no body, whatever the fields say.
    answer_parser(bool is_head, std::size_t max_body, beyond_limit beyond = beyond_limit::wrong);
    ~answer_parser();
    answer_parser(const answer_parser&) = delete;
    answer_parser& operator=(const answer_parser&) = delete;

    enum class progress {
        wants_more, ///< not at its end
        whole,
        wrong, ///< no HTTP, or larger than was asked for
    };
    struct step {
        progress what = progress::wants_more;
        std::size_t used = 0; ///< bytes that are done with; the rest is shown again, with what comes next
    };
    /// Looks at the bytes after those already used. Not to be called again once it gave another step than
    /// `wants_more`.
    step advance(std::string_view bytes);

    /// Any byte of an answer was seen, an interim one's included.
    bool has_begun() const noexcept { return has_begun_; }
    /// The connection's end is the answer's.
    bool ends_with_connection() const noexcept;
    /// Once whole: the connection may carry another request.
    bool keeps_connection() const noexcept { return keeps_connection_; }
    /// What has come of it.
    std::string_view body() const noexcept;
    /// The answer, which is not here any more then.
    client_answer take() noexcept;

private:
    struct state;

    step read_head(std::string_view bytes);
    step read_body(std::string_view bytes);
    bool take_head();

    std::unique_ptr<state> state_;
    client_answer answer_;
    bool has_begun_ = false;
    bool keeps_connection_ = false;
};

} // namespace byot::http
