#include "store_session.hpp"

namespace byot::app {

config::parsed read_store_configuration(const std::string& keyring) {
    auto environment = config::process_environment();
    environment["BYOT_ROLE"] = "keys";
    environment.erase("BYOT_GENKIT_AUDIENCE");
    environment["BYOT_FIREBASE_PROJECT"] = "unused";
    environment["BYOT_REVOCATION_CHECK"] = "off";
    if (!keyring.empty()) environment["BYOT_KEYRING"] = keyring;
    return config::parse(environment);
}

std::vector<std::unique_ptr<net::reactor>> store_session::one_reactor() {
    std::vector<std::unique_ptr<net::reactor>> one;
    one.push_back(std::make_unique<net::reactor>(0));
    return one;
}

store_session::store_session(const config::configuration& values)
    : tokens_(home(), values, tls_, log_), store_(reactors_, values, tls_, [this](net::reactor& here) {
          return token_access_of(tokens_.access_tokens(), here);
      }) {}

void store_session::run(std::function<task<void>()> work) {
    home().post([this, &work] { spawn(carry_out(std::move(work))); });
    home().run();
}

task<void> store_session::carry_out(std::function<task<void>()> work) {
    co_await work();
    store_.close_idle(home());
    tokens_.stop();
    home().end_outgoing(); // a token that is under way is for nobody now
    co_await tokens_.settle();
    home().stop();
}

} // namespace byot::app
