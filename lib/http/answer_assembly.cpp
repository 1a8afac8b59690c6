#include "http/answer_assembly.hpp"

#include "core/secret.hpp"
#include "http/response_head.hpp"

namespace byot::http {

answer_assembly::step answer_assembly::advance(std::string_view bytes) {
    has_begun_ = has_begun_ || !bytes.empty();
    step head;
    if (!has_head_) {
        head = read_head(bytes);
        if (!has_head_) return head;
    }
    const auto body = read_body(bytes.substr(head.used));
    return {body.what, head.used + body.used};
}

answer_assembly::step answer_assembly::read_head(std::string_view bytes) {
    std::size_t used = 0;
    for (;;) {
        const auto scanned = scan_response_head(bytes.substr(used));
        if (scanned.has_error()) return {progress::wrong, used};
        if (!*scanned) return {progress::wants_more, used};
        const response_head& head = **scanned;
        used += head.size;
        if (head.status < 200) continue;
        has_head_ = true;
        answer_.status = head.status;
        keeps_alive_ = head.keeps_alive;
        if (!is_head_) body_ = head.body;
        for_each_field(head.fields, [this](std::string_view name, std::string_view value) {
            answer_.fields.emplace_back(name, value);
        });
        return {progress::wants_more, used};
    }
}

answer_assembly::step answer_assembly::read_body(std::string_view bytes) {
    if (body_.length().value_or(0) > max_body_ && beyond_ == beyond_limit::wrong) return {progress::wrong, 0};
    std::size_t used = 0;
    while (!body_.is_finished()) {
        const auto part = body_.next(bytes.substr(used));
        used += part.used;
        if (part.what == framing_step::kind::malformed) return {progress::wrong, used};
        if (!append(part.content)) return stop_at_limit(used);
        if (part.what == framing_step::kind::need_more) return {progress::wants_more, used};
    }
    return {progress::whole, used};
}

answer_assembly::step answer_assembly::stop_at_limit(std::size_t used) noexcept {
    if (beyond_ == beyond_limit::wrong) return {progress::wrong, used};
    keeps_alive_ = false; // the rest is not read
    return {progress::whole, used};
}

// A string that grows leaves a copy behind in freed memory, and an answer may be a token: so it is moved by
// hand, and the old place wiped.
bool answer_assembly::append(std::string_view content) {
    auto& body = answer_.body;
    const auto room = max_body_ - body.size();
    const bool fits = content.size() <= room;
    content = content.substr(0, room);
    if (body.size() + content.size() > body.capacity()) {
        std::string larger;
        const auto announced = std::min<std::uint64_t>(body_.length().value_or(0), max_body_);
        larger.reserve(std::max<std::size_t>(2 * (body.size() + content.size()), announced));
        larger.append(body);
        body.swap(larger);
        wipe(larger.data(), larger.size());
    }
    body.append(content);
    return fits;
}

} // namespace byot::http
