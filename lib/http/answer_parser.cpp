#include "http/answer_parser.hpp"

#include "core/encoding.hpp"
#include "http/beast_text.hpp"
#include "http/body_framing.hpp"
#include "http/characters.hpp"
#include "http/request_head.hpp"

#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <iterator>
#include <optional>

namespace byot::http {
namespace {

namespace beast = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t largest_extensions = 256;       // of one chunk
constexpr std::size_t largest_chunk_lines = 8 * 1024; // of a chunk's head, or of the last chunk with trailers
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view empty_line = "\r\n\r\n";

/// A body of Beast that holds at most so many bytes. A string that grows leaves a copy behind in freed
/// memory, and an answer may be a token: so it is moved by hand, and the old place wiped.
struct bounded_body {
    struct value_type {
        std::string text;
        std::size_t limit = 0;
    };

    class reader {
    public:
        template <bool IsRequest, class Fields>
        reader(beast::header<IsRequest, Fields>&, value_type& body) noexcept : body_(body) {}

        void init(const boost::optional<std::uint64_t>& length, error_code& error) {
            error = {};
            announced_ = std::min<std::uint64_t>(length.value_or(0), body_.limit);
        }
        std::size_t put(boost::asio::const_buffer bytes, error_code& error) {
            const std::string_view content(static_cast<const char*>(bytes.data()), bytes.size());
            error = {};
            if (!append(content)) error = beast::error::body_limit;
            return content.size();
        }
        void finish(error_code& error) { error = {}; }

    private:
        bool append(std::string_view content) {
            auto& text = body_.text;
            const auto room = body_.limit - text.size();
            const bool fits = content.size() <= room;
            content = content.substr(0, room);
            if (text.size() + content.size() > text.capacity()) grow(text.size() + content.size());
            text.append(content);
            return fits;
        }
        void grow(std::size_t least) {
            std::string larger;
            larger.reserve(std::max<std::size_t>(2 * least, announced_));
            larger.append(body_.text);
            body_.text.swap(larger);
            wipe(larger.data(), larger.size());
        }

        value_type& body_;
        std::uint64_t announced_ = 0;
    };
};

/// Bytes of the head at the front; 0 while it is not all there.
std::size_t head_size(std::string_view bytes) {
    const auto end = bytes.substr(0, max_head_size).find(empty_line);
    return end == std::string_view::npos ? 0 : end + empty_line.size();
}

/// Bytes of the lines before the next content, the end of the chunk before included: a chunk's line, or the
/// last chunk's with its trailers. 0 while they are not all there. Beast is shown them at once and alone: it
/// looks for the end of a quoted extension behind its line, and asserts on some pieces of a last chunk.
std::size_t chunk_lines_size(std::string_view bytes) {
    const std::size_t begin = bytes.starts_with(line_end) ? line_end.size() : 0;
    const auto end = bytes.find(line_end, begin);
    if (end == std::string_view::npos) return 0;
    const auto line = bytes.substr(begin, end - begin);
    const auto digit = line.find_first_not_of('0');
    const bool is_last =
        line.starts_with('0') && (digit == std::string_view::npos || hex_value(line[digit]) < 0);
    if (!is_last) return end + line_end.size();
    const auto last = bytes.find(empty_line, end);
    return last == std::string_view::npos ? 0 : last + empty_line.size();
}

/// Whether this may still become an answer's head. What speaks another protocol is not waited for.
bool may_be_head(std::string_view bytes) {
    constexpr std::string_view begin = "HTTP/1.";
    if (bytes.size() >= max_head_size || bytes.substr(0, begin.size()) != begin.substr(0, bytes.size()))
        return false;
    const auto line = bytes.find('\n');
    return line == std::string_view::npos || bytes[line - 1] == '\r';
}

/// Whether the status line ends behind the status.
bool lacks_space(std::string_view head) {
    return head.find('\r') == std::string_view("HTTP/1.1 200").size();
}

/// Beast calls it with the size and the extensions of each chunk; of what is quoted in them it has looked at
/// nothing.
struct chunk_watch {
    void operator()(std::uint64_t size, boost::beast::string_view text, error_code& error) {
        const bool is_sound =
            text.size() <= largest_extensions && std::all_of(text.begin(), text.end(), is_field_text);
        if (!is_sound) error = beast::error::bad_chunk_extension;
        left = size;
    }

    std::uint64_t left = 0; ///< bytes of content until the next chunk's lines
};

} // namespace

struct answer_parser::state {
    using parser = beast::response_parser<bounded_body>;

    state(bool is_head_, std::size_t max_body_, beyond_limit beyond_)
        : is_head(is_head_), max_body(max_body_), beyond(beyond_) {
        begin();
    }

    /// For the first answer, or the one after an interim one.
    void begin() {
        reading.emplace();
        reading->skip(is_head);
        reading->eager(false); // a step each: the head, a chunk's lines, content
        reading->header_limit(max_head_size + 1);
        reading->body_limit(beyond == beyond_limit::cut ? boost::none
                                                        : boost::optional<std::uint64_t>(max_body));
        reading->get().body().limit = max_body;
        reading->on_chunk_header(chunk);
    }

    std::size_t put(std::string_view bytes, error_code& error) {
        return reading->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    }
    void put_head(std::string_view head, error_code& error);
    std::size_t put_content(std::string_view bytes, error_code& error);
    bool is_sound() const;
    bool has_sound_length() const;
    bool has_sound_coding() const;

    bool is_head;
    std::size_t max_body;
    beyond_limit beyond;
    std::optional<parser> reading;
    chunk_watch chunk;
};

void answer_parser::state::put_head(std::string_view head, error_code& error) {
    if (lacks_space(head)) {
        const auto size = head.find('\r');
        std::string line(head.substr(0, size));
        line += " \r\n";
        put(line, error);
        if (error != beast::error::need_more) return;
        head.remove_prefix(size + 2);
    }
    put(head, error);
}

std::size_t answer_parser::state::put_content(std::string_view bytes, error_code& error) {
    const auto& text = reading->get().body().text;
    const auto before = text.size();
    const auto used = put(bytes, error);
    chunk.left -= std::min<std::uint64_t>(chunk.left, text.size() - before);
    return used;
}

bool answer_parser::state::has_sound_length() const {
    const auto& head = reading->get().base();
    const auto count = head.count(beast::field::content_length);
    return count == 0 || (count == 1 && parse_content_length(view(head[beast::field::content_length])));
}

// RFC 9112 §6.1: with HTTP/1.0 its framing is faulty.
bool answer_parser::state::has_sound_coding() const {
    const auto& head = reading->get().base();
    const auto count = head.count(beast::field::transfer_encoding);
    if (count == 0) return true;
    return count == 1 && head.version() == 11 &&
           is_chunked_coding(view(head[beast::field::transfer_encoding]));
}

// What Beast lets through.
bool answer_parser::state::is_sound() const {
    const auto& head = reading->get().base();
    const auto status = head.result_int();
    if (status < 100 || status > 599 || status == 101) return false;
    if (std::distance(head.begin(), head.end()) > static_cast<std::ptrdiff_t>(max_head_fields)) return false;
    const bool has_content = reading->chunked() || reading->content_length().value_or(0) > 0;
    if (status < 200 && has_content) return false;
    return has_sound_length() && has_sound_coding();
}

answer_parser::answer_parser(bool is_head, std::size_t max_body, beyond_limit beyond)
    : state_(std::make_unique<state>(is_head, max_body, beyond)) {}

answer_parser::~answer_parser() = default;

bool answer_parser::ends_with_connection() const noexcept {
    return answer_.status != 0 && state_->reading->need_eof();
}

std::string_view answer_parser::body() const noexcept {
    return state_->reading->get().body().text;
}

client_answer answer_parser::take() noexcept {
    answer_.body = std::move(state_->reading->get().body().text);
    return std::move(answer_);
}

answer_parser::step answer_parser::advance(std::string_view bytes) {
    has_begun_ = has_begun_ || !bytes.empty();
    std::size_t used = 0;
    while (answer_.status == 0) {
        const auto head = read_head(bytes.substr(used));
        used += head.used;
        if (head.what != progress::whole) return {head.what, used};
    }
    const auto body = read_body(bytes.substr(used));
    return {body.what, used + body.used};
}

// A head is shown to Beast when all of it is there, so that it is the same however it came.
answer_parser::step answer_parser::read_head(std::string_view bytes) {
    const auto size = head_size(bytes);
    if (size == 0) return {may_be_head(bytes) ? progress::wants_more : progress::wrong, 0};
    error_code error;
    state_->put_head(bytes.substr(0, size), error);
    const bool is_good = !error && take_head();
    return {is_good ? progress::whole : progress::wrong, size};
}

/// False when the head is none. Leaves the status 0 after an interim one.
bool answer_parser::take_head() {
    if (!state_->is_sound()) return false;
    const auto& reading = *state_->reading;
    const auto& head = reading.get().base();
    if (head.result_int() < 200) {
        state_->begin();
        return true;
    }
    answer_.status = head.result_int();
    for (const auto& field : head)
        answer_.fields.emplace_back(view(field.name_string()), view(field.value()));
    // A 204 that announces content may well send it (RFC 9110 §8.6 forbids both): trust nothing after it.
    const bool is_dubious =
        answer_.status == 204 && (reading.chunked() || reading.content_length().value_or(0) > 0);
    keeps_connection_ = head.version() == 11 && reading.keep_alive() && !is_dubious;
    return true;
}

answer_parser::step answer_parser::read_body(std::string_view bytes) {
    auto& reading = *state_->reading;
    std::size_t used = 0;
    while (!reading.is_done() && used < bytes.size()) {
        auto next = bytes.substr(used);
        const bool are_lines = reading.chunked() && state_->chunk.left == 0;
        if (are_lines) {
            const auto size = chunk_lines_size(next);
            if ((size == 0 ? next.size() : size) > largest_chunk_lines) return {progress::wrong, used};
            if (size == 0) break;
            next = next.substr(0, size);
        }
        error_code error;
        used += state_->put_content(next, error);
        if (error == beast::error::body_limit && state_->beyond == beyond_limit::cut) {
            keeps_connection_ = false; // the rest is not read
            return {progress::whole, used};
        }
        if (error) return {progress::wrong, used};
    }
    return {reading.is_done() ? progress::whole : progress::wants_more, used};
}

} // namespace byot::http
