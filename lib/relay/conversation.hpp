#pragma once

#include "core/failure.hpp"
#include "http/response_head.hpp"
#include "http/response_stream.hpp"
#include "relay/answer_kind.hpp"
#include "relay/body_forwarder.hpp"
#include "relay/client_head.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace byot::relay {

/// What is to be done next for an answer on its way to the client.
struct conversation_step {
    enum class act : std::uint8_t {
        receive, ///< wait for more of the upstream's bytes, then `on_bytes` or `on_end`
        send,    ///< send what the writer holds, if anything, then `on_sent`
        finish,  ///< all was said
        reset,   ///< cut the client's connection: it must not take what it has for the whole
        refuse,  ///< nothing was sent: answer with `why`
        leave,   ///< nothing was sent, and the client has gone
    };
    act what = act::receive;
    std::size_t used = 0;       ///< of the upstream's bytes, to be forgotten once this is done
    bool ends_upstream = false; ///< its connection is closed before this is done
    std::optional<failure> why; ///< of `refuse`
};

/// The rules by which an upstream's answer becomes the client's, without I/O: it is told what came (`on_…`),
/// writes what goes on into an `http::response_writer`, and says what to do next. Until the head is whole
/// nothing is sent, and every fault is a failure to answer with. From then on a stream of Genkit's that is
/// cut is ended by one error event, and any other answer by a reset.
class conversation {
public:
    /// Why this side cut the wait for the upstream short. The drain's counts only when nothing else did.
    enum class cut : std::uint8_t { none, client_gone, upload_failed, drained };

    /// `asked_for_stream`: the request did, by Accept or its query. `additions` and what it views must
    /// outlive this.
    conversation(const answer_additions& additions, bool asked_for_stream) noexcept
        : additions_(additions), asked_for_stream_(asked_for_stream) {}

    /// The upstream's bytes that were not used yet, with new ones behind them. `is_last`: the client's
    /// connection ends with this answer, as far as is known now.
    conversation_step on_bytes(http::response_writer& to, std::string_view bytes, bool is_last);
    /// The wait for the upstream gave no bytes; `bytes` are those not used yet.
    conversation_step on_end(http::response_writer& to, net::receive_outcome outcome, std::string_view bytes,
                             bool is_last);
    /// The client took what was sent, or did not.
    conversation_step on_sent(http::response_writer& to, bool is_sent);

    void on_client_gone() noexcept { cut_ = cut::client_gone; }
    void on_drained() noexcept {
        if (cut_ == cut::none) cut_ = cut::drained;
    }
    void on_upload_failed(failure why) {
        upload_failure_ = std::move(why);
        cut_ = cut::upload_failed;
    }
    bool is_cut() const noexcept { return cut_ != cut::none; }

    /// Of the upstream's head, once it is whole; else 0.
    unsigned status() const noexcept { return status_; }
    /// Whether the upstream's connection is as it was, as far as the answer goes.
    bool leaves_upstream_reusable() const noexcept { return is_reusable_ && body_.is_finished(); }

    /// What became of it, for the log and the counts: the status that it counts as, when that is not the
    /// head's, and the outcome.
    struct report {
        std::optional<unsigned> status;
        std::string_view outcome;
    };
    report told() const noexcept;
    /// x-byot-key-state of the upstream, in its head or in the error that its stream ended with.
    std::optional<vault::key_state> key_state() const noexcept;

private:
    using act = conversation_step::act;

    conversation_step begin_answer(http::response_writer& to, const http::response_head& head,
                                   std::string_view bytes, bool is_last);
    conversation_step forward(http::response_writer& to, std::string_view bytes, std::size_t used_before);
    conversation_step refuse_without_answer(failure why, std::size_t used) const;
    failure why_no_answer(net::receive_outcome outcome) const;
    conversation_step end_broken(http::response_writer& to);
    conversation_step end_with_connection(http::response_writer& to);
    conversation_step close_stream(http::response_writer& to, std::string_view why);
    std::string_view why_broken() const noexcept;
    unsigned status_of_cut() const noexcept;

    const answer_additions& additions_;
    http::body_framing body_; ///< as it comes from the upstream
    event_tracker events_;
    std::optional<failure> upload_failure_;
    std::optional<vault::key_state> told_by_head_;
    report report_;
    unsigned status_ = 0;
    unsigned interim_answers_ = 0;
    net::receive_outcome broken_by_ = net::receive_outcome::arrived;
    cut cut_ = cut::none;
    bool asked_for_stream_;
    bool is_followed_ = false; ///< its events are read
    bool is_reusable_ = false;
    bool is_malformed_ = false;
    bool is_closing_ = false; ///< the stream's last bytes are on their way
};

} // namespace byot::relay
