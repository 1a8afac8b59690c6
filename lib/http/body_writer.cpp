#include "http/body_writer.hpp"

namespace byot::http {

void append_chunk(flat_buffer& out, std::string_view content) {
    out.append_number(content.size(), 16);
    out.append("\r\n");
    out.append(content);
    out.append("\r\n");
}

std::optional<std::uint64_t> length_if_whole(body_framing body, std::string_view bytes) noexcept {
    std::uint64_t length = 0;
    while (!body.is_finished()) {
        const auto step = body.next(bytes);
        if (step.what == framing_step::kind::need_more || step.what == framing_step::kind::malformed)
            return std::nullopt;
        length += step.content.size();
        bytes.remove_prefix(step.used);
    }
    return length;
}

void body_writer::begin_copy() {
    if (is_copying_) return;
    is_copying_ = true;
    out_.append(run_);
}

void body_writer::pass_unchanged(std::string_view bytes) {
    if (!is_copying_ && out_.empty() && (run_.empty() || run_.data() + run_.size() == bytes.data())) {
        run_ = {run_.empty() ? bytes.data() : run_.data(), run_.size() + bytes.size()};
        return;
    }
    begin_copy();
    out_.append(bytes);
}

void body_writer::pass(const framing_step& step, std::string_view bytes) {
    if (form_ != body_form::chunked) {
        if (!step.content.empty()) pass_unchanged(step.content);
    } else if (step.is_whole_chunk) {
        pass_unchanged(bytes.substr(0, step.used));
    } else if (step.what == framing_step::kind::finished) {
        end();
    } else if (!step.content.empty()) {
        add(step.content);
    }
}

void body_writer::add(std::string_view content) {
    begin_copy();
    if (form_ == body_form::chunked) {
        append_chunk(out_, content);
    } else {
        out_.append(content);
    }
}

void body_writer::end() {
    if (form_ != body_form::chunked) return;
    begin_copy();
    out_.append(last_chunk);
}

} // namespace byot::http
