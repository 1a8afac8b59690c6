#pragma once

#include "http/client.hpp"
#include "net/connection_pool.hpp"
#include "net/connector.hpp"
#include "net/reactor.hpp"
#include "smoke_inputs.hpp"

#include <boost/asio/signal_set.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byot::app {

/// What a smoke test has found out and done, from its first step to its last.
struct smoke_state {
    std::shared_ptr<const secret> token;
    user_id user;
    bool is_own_user = false; ///< of `byot dev`, made for this test alone
    std::string credential_id;
    bool had_key = false;       ///< the user, before this test's was saved
    bool may_be_stored = false; ///< its key, so that it must be removed
    /// Set when the save was not answered by the service: until then it may still take effect.
    std::optional<steady_time> may_land_until;
};

/// One request to the service.
struct smoke_question {
    std::string method = "GET";
    std::string path;
    std::string query;
    bool is_for_ai = false;
    bool has_token = true;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body; ///< JSON
    std::function<void(std::string_view)> watch_body;
};

using smoke_answer = result<http::client_answer>;

/// The service that is tested, asked from a loop of its own.
class smoke_service {
public:
    smoke_service(const smoke_inputs& inputs, const smoke_state& state);

    /// Runs `work` to its end, on this thread. Once. SIGTERM and SIGINT end what is
    /// asked, and all that would be.
    void run(task<void> work);
    bool is_interrupted() const noexcept { return home_.is_outgoing_ended(); }

    task<smoke_answer> ask(smoke_question question);
    net::sleep_awaiter sleep_until(steady_time when) noexcept { return home_.sleep_until(when); }

    /// What an answer says, for a person: status, reason, sentence; or why there is none. One line without
    /// the token and the key, whatever the service put in.
    std::string words_of(const smoke_answer& answer) const;
    /// A text that may be shown: one line, without the token and the key.
    std::string shown(std::string_view text) const;

private:
    task<void> carry_out(task<void> work);

    const smoke_inputs& inputs_;
    const smoke_state& state_;
    net::reactor home_{0};
    net::connector connector_{home_, net::make_client_tls()};
    net::connection_pool pool_{home_, connector_};
    boost::asio::signal_set signals_;
};

/// The reason of the service's own error object; empty when the answer is none.
std::string reason_in(const http::client_answer& answer);

} // namespace byot::app
