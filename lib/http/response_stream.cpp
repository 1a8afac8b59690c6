#include "http/response_stream.hpp"

namespace byot::http {

void response_writer::begin(const answer& what) noexcept {
    status_ = what.status;
    const bool is_in_pieces = what.body.is_chunked() || what.may_be_added_to;
    if (is_in_pieces && !is_http_1_0_ && !what.body.is_until_close()) {
        form_ = body_form::chunked;
    } else if (is_in_pieces || what.body.is_until_close()) {
        form_ = body_form::plain;
    } else {
        form_ = body_form::length;
        if (what.status != 204 && what.status != 304) length_ = what.body.length();
    }
    is_last_ = what.is_last || form_ == body_form::plain;
    out_->set_form(form_);
}

void response_writer::end_head() noexcept {
    auto& head = out_->head();
    if (form_ == body_form::chunked) head.append_field("Transfer-Encoding", "chunked");
    if (length_) {
        head.append("Content-Length: ");
        head.append_number(*length_);
        head.append("\r\n");
    }
    if (is_last_) head.append_field("Connection", "close");
    head.append("\r\n");
}

void response_stream::watch(exchange_watcher& whom) {
    exchange_.watch(whom);
}

void response_stream::unwatch() noexcept {
    exchange_.unwatch();
}

wiping_send response_stream::send(steady_time limit) noexcept {
    if (!exchange_.is_answered()) exchange_.mark_answered(writer_.status());
    if (writer_.is_last()) exchange_.must_close();
    exchange_.client().expire_at(limit);
    return {exchange_.client(), writer_.bytes()};
}

void response_stream::reset() noexcept {
    exchange_.must_close();
    exchange_.client().reset();
}

void response_stream::leave() noexcept {
    exchange_.record().outcome = "client_gone";
    exchange_.must_close();
    exchange_.client().close();
}

} // namespace byot::http
