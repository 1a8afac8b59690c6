#include "google/firestore_client.hpp"

#include <sodium.h>

namespace byot::google {
namespace {

constexpr std::size_t largest_answer = 16 * 1024 * 1024;

/// 0 … 1, so that those who failed together do not try again together.
double random_share() noexcept {
    return randombytes_uniform(1001) / 1000.0;
}

} // namespace

struct firestore_client::call {
    std::string verb; ///< "batchGet"
    std::string body;
    repeatability nature;
    steady_time limit;
};

struct firestore_client::call_answer {
    attempt_end end;
    std::string body;
    bool may_have_been_made = false;

    bool is_good() const noexcept {
        return end.what == attempt_end::kind::answered && end.status == rpc_status::ok;
    }
};

firestore_client::firestore_client(net::reactor& home, net::connection_pool& pool,
                                   firestore_settings settings, token_access tokens)
    : home_(home), pool_(pool), settings_(std::move(settings)), tokens_(std::move(tokens)),
      gate_(home, settings_.most_calls, settings_.most_waiting) {}

std::string firestore_client::document_name(std::string_view collection, std::string_view id) const {
    std::string name = settings_.database;
    name.append("/documents/").append(collection).append("/").append(id);
    return name;
}

task<result<std::optional<firestore_document>>> firestore_client::get(std::string name, steady_time limit) {
    std::vector<std::string> names;
    names.push_back(std::move(name));
    auto found = co_await batch_get(std::move(names), limit);
    if (!found) co_return found.error();
    if (found->size() != 1) co_return unreadable_answer();
    auto& only = found->front();
    if (only.update_time.empty()) co_return std::optional<firestore_document>();
    co_return std::optional<firestore_document>(std::move(only));
}

task<result<std::vector<firestore_document>>> firestore_client::batch_get(std::vector<std::string> names,
                                                                          steady_time limit) {
    const auto answer = co_await read("batchGet", batch_get_body(names), limit);
    if (!answer) co_return answer.error();
    auto documents = parse_batch_get(*answer);
    if (!documents) co_return unreadable_answer();
    co_return std::move(*documents);
}

task<result<std::vector<firestore_document>>> firestore_client::run_query(page_query query,
                                                                          steady_time limit) {
    const auto answer = co_await read("runQuery", run_query_body(query), limit);
    if (!answer) co_return answer.error();
    auto documents = parse_run_query(*answer);
    if (!documents) co_return unreadable_answer();
    co_return std::move(*documents);
}

task<result<std::string>> firestore_client::read(std::string verb, std::string body, steady_time limit) {
    call asks;
    asks.verb = std::move(verb);
    asks.body = std::move(body);
    asks.nature = repeatability::read;
    asks.limit = limit;
    auto answer = co_await perform(std::move(asks));
    if (!answer.is_good()) co_return failed_call(answer.end);
    co_return std::move(answer.body);
}

task<result<commit_end>> firestore_client::commit(std::vector<firestore_write> writes, steady_time limit) {
    call asks;
    asks.verb = "commit";
    asks.body = commit_body(writes);
    asks.nature = nature_of(writes);
    asks.limit = limit;
    const auto answer = co_await perform(std::move(asks));
    if (answer.is_good()) co_return commit_end::made;
    if (!is_refusal(answer.end)) co_return failed_call(answer.end);
    co_return answer.may_have_been_made ? commit_end::unclear : commit_end::refused;
}

task<result<commit_end>> firestore_client::patch(firestore_write write, steady_time limit) {
    std::vector<firestore_write> only;
    only.push_back(std::move(write));
    co_return co_await commit(std::move(only), limit);
}

task<firestore_client::call_answer> firestore_client::perform(call what) {
    const auto inside = co_await gate_.enter(what.limit);
    call_answer last;
    last.end = {attempt_end::kind::not_sent, rpc_status::resource_exhausted};
    if (!inside || steady_now() >= what.limit) co_return last;
    call_history history{what.nature, what.limit};
    for (;;) {
        const auto token = co_await tokens_.get();
        last.end = {attempt_end::kind::not_sent, rpc_status::unauthenticated};
        const auto limit = std::min(what.limit, steady_now() + settings_.attempt);
        if (token) last = co_await attempt(what, *token, limit);
        const auto step = retry_decision(history, last.end, steady_now(), random_share());
        last.may_have_been_made = history.may_have_been_made;
        if (step.what == retry_step::kind::finish || home_.is_outgoing_ended()) co_return last;
        if (step.what == retry_step::kind::again_with_new_token && tokens_.refuse) tokens_.refuse(**token);
        if (step.pause.count() > 0) co_await home_.sleep_until(steady_now() + step.pause);
    }
}

task<firestore_client::call_answer>
firestore_client::attempt(const call& what, std::shared_ptr<const secret> token, steady_time limit) {
    call_answer came;
    auto leased = co_await pool_.acquire(settings_.base.origin, limit);
    came.end = {attempt_end::kind::not_sent, rpc_status::unavailable};
    if (!leased) co_return came;
    auto request = request_of(what, std::move(token), limit);
    auto answer = co_await http::fetch_on(*leased, std::move(request));
    came.end = {attempt_end::kind::lost, rpc_status::unavailable};
    if (!answer) co_return came;
    came.end = {attempt_end::kind::answered, classify(answer->status, answer->body)};
    came.body = std::move(answer->body);
    co_return came;
}

http::client_request firestore_client::request_of(const call& what, std::shared_ptr<const secret> token,
                                                  steady_time limit) const {
    http::client_request request;
    request.method = "POST";
    request.address = settings_.base;
    request.address.path.append("/v1/").append(settings_.database).append("/documents:").append(what.verb);
    request.secret_fields.push_back({"authorization", "Bearer ", std::move(token)});
    request.fields.emplace_back("content-type", "application/json");
    request.body = what.body;
    request.limit = limit;
    request.max_body = largest_answer;
    return request;
}

} // namespace byot::google
