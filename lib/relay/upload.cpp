#include "relay/upload.hpp"

#include "relay/body_forwarder.hpp"

namespace byot::relay {
namespace {

upload_step failed(reason why) {
    upload_step step;
    step.what = upload_step::act::fail;
    step.why = failure(why);
    return step;
}

} // namespace

steady_time upload_deadline::after(std::uint64_t seen, steady_time now) noexcept {
    if (is_started_ && seen - seen_at_renewal_ < renewing_progress) return end_;
    is_started_ = true;
    seen_at_renewal_ = seen;
    end_ = now + wait_;
    return end_;
}

upload_step upload::on_bytes(http::body_writer& out, std::string_view bytes) {
    const auto body = forward_body(body_, bytes, out, nullptr);
    if (body.is_malformed) return failed(reason::request_malformed);
    if (body_.content_seen() > max_body_) return failed(reason::body_too_large);
    return {upload_step::act::send, body.used, body.bytes, std::nullopt};
}

upload_step upload::on_end(net::receive_outcome outcome) const {
    if (outcome == net::receive_outcome::expired) return failed(reason::request_timeout);
    upload_step step;
    step.what =
        outcome == net::receive_outcome::interrupted ? upload_step::act::finish : upload_step::act::leave;
    return step;
}

} // namespace byot::relay
