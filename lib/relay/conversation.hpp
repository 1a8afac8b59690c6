#pragma once

#include "http/response_head.hpp"
#include "relay/answer_kind.hpp"
#include "relay/body_forwarder.hpp"
#include "relay/client_head.hpp"
#include "relay/relay.hpp"
#include "relay/told_key_state.hpp"
#include "relay/upload_deadline.hpp"

namespace byot::relay {

/// One request on its way through: the client's exchange on one side, a leased connection on the other.
/// Lives in the coroutine that runs it.
class conversation {
public:
    conversation(http::exchange& exchange, const relay_request& request, const relay_settings& settings,
                 const vault::live_keyring& keyring, net::lease upstream);
    /// Takes the watch off the client and drops the upstream's connection unless it was given back; an upload
    /// that is still under way when an exception leaves `run` ends first.
    ~conversation();
    conversation(const conversation&) = delete;
    conversation& operator=(const conversation&) = delete;

    /// The whole of it. A failure as long as nothing was sent to the client.
    task<result<relay_answer>> run();

private:
    /// Why a wait for the upstream was cut short by this side.
    enum class cut : std::uint8_t { none, client_gone, upload_failed, drained };

    // The request
    result<std::string_view> build_request();
    task<result<void>> send_request();
    task<void> upload();
    task<void> upload_all();
    /// Passes on what has come of the body; false when the upload is over, well or not.
    task<bool> upload_some();
    void fail_upload(failure why);

    // The answer
    task<result<http::response_head>> receive_head();
    result<void> prepare_answer(const http::response_head& head);
    bool write_head(flat_buffer& out, const http::response_head& head);
    task<result<void>> answer(http::response_head head);
    /// Waits for more of the body; false when there will be none, which `broken_by_` says.
    task<bool> receive_more();
    task<void> end_broken();
    /// In order, by the end of the upstream's connection.
    task<void> end_with_connection();
    /// What the stream's end takes, if anything, and the end of its framing.
    task<void> send_closing(std::string_view why);
    task<bool> send_to_client(std::string_view bytes);
    void reset_client();
    /// What became of an answer whose head had said otherwise: for the log and the counts alone.
    void fail_with(unsigned status, std::string_view outcome);
    unsigned status_of_cut() const noexcept;
    void finish();

    // Ends
    /// Closes the upstream's connection for whoever waits on it: what is dropped by `lease::close` alone
    /// resumes nobody.
    void drop_upstream() noexcept;
    /// Ends the wait for the upstream, to whichever of its two ends it is.
    void interrupt_upstream();
    /// Ends an upload that an answer or a fault has made pointless. It is over when this returns.
    void end_upload() noexcept;

    // What an outcome of a wait on the upstream means
    failure why_no_answer(net::receive_outcome outcome) const;
    std::string_view why_broken() const;
    steady_time limit_in(std::chrono::milliseconds wait) const;
    steady_time limit_of_upload();
    bool is_client_gone() const noexcept;

    http::exchange& exchange_;
    const relay_request& request_;
    const relay_settings& settings_;
    const vault::live_keyring& keyring_;
    net::lease upstream_;
    http::body_framing body_; ///< of the answer
    event_tracker events_;
    answer_kind kind_; ///< its content type only until the head is sent
    std::string flow_;
    std::optional<failure> upload_failure_;
    upload_deadline upload_deadline_;
    net::receive_outcome broken_by_ = net::receive_outcome::arrived;
    cut cut_ = cut::none;
    outgoing how_ = outgoing::as_it_came;
    answer_framing framing_ = answer_framing::none;
    bool is_sending_request_ = false;
    bool is_uploading_ = false;
    bool asked_for_stream_ = false;
    bool is_http_1_0_ = false;
    bool is_reusable_ = false;
    bool is_malformed_ = false;
};

} // namespace byot::relay
