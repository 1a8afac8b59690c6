#include "auth/development_issuer.hpp"
#include "commands.hpp"
#include "instance.hpp"
#include "vault/keyring_file.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>

namespace byot::app {
namespace {

constexpr std::string_view project = "byot-dev";

/// The keyring of the data directory, made on the first start.
std::string keyring_in(const std::filesystem::path& data) {
    const auto file = data / "keyring.json";
    if (std::filesystem::exists(file)) return file.string();
    std::vector<vault::keyring_entry> entries;
    entries.push_back(vault::make_entry(wall_now()));
    const vault::keyring ring(std::move(entries));
    const auto text = vault::serialize_keyring(ring, vault::keyring_part::whole);
    if (const auto problem = vault::write_keyring(file, text, false))
        throw std::runtime_error(problem->message);
    return file.string();
}

/// What BYOT_* variables say that is not `byot dev`'s to say, with its own on top.
config::configuration configuration_of(const dev_options& options) {
    std::filesystem::create_directories(options.data);
    std::filesystem::permissions(options.data, std::filesystem::perms::owner_all);
    auto environment = config::process_environment();
    environment["PORT"] = std::to_string(options.port);
    environment["BYOT_BIND"] = "127.0.0.1";
    environment["BYOT_ROLE"] = "all";
    environment["BYOT_STORE"] = "sqlite:" + (std::filesystem::path(options.data) / "byot.sqlite").string();
    environment["BYOT_KEYRING"] = keyring_in(options.data);
    environment["BYOT_FIREBASE_PROJECT"] = project;
    environment["BYOT_GENKIT_URL"] = options.genkit_url.value_or("http://127.0.0.1");
    environment["BYOT_REVOCATION_CHECK"] = "off"; // there is no Firebase to ask
    environment.try_emplace("BYOT_KEY_CHECK", "off");
    environment.try_emplace("BYOT_LOG_FORMAT", "text");
    environment.try_emplace("BYOT_ADMIN_PORT", "0");
    environment.try_emplace("BYOT_DRAIN_TIMEOUT", "1s"); // the console's browser keeps its connections open
    environment.erase("FIREBASE_AUTH_EMULATOR_HOST");
    environment.erase("BYOT_FIREBASE_KEYS_URL");
    auto [values, problems] = config::parse(environment);
    if (problems.empty()) return values;
    std::string text = "wrong configuration";
    for (const auto& problem : problems) text += fmt::format("\n{}: {}", problem.variable, problem.message);
    throw std::runtime_error(text);
}

} // namespace

int dev(const dev_options& options) {
    try {
        const auth::development_issuer issuer(std::string(project), wall_now());
        development_parts development;
        development.issuer = &issuer;
        development.has_demo_upstream = !options.genkit_url;
        instance server(configuration_of(options), development);
        fmt::print("byot listening on {}\n", server.address());
        std::fflush(stdout);
        server.run();
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "byot: {}\n", error.what());
        return 1;
    }
}

} // namespace byot::app
