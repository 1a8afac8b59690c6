#include "google/credentials.hpp"

#include "core/encoding.hpp"
#include "core/file_descriptor.hpp"
#include "google/secret_members.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>

namespace byot::google {
namespace {

// A service account's key.

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;
using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr int least_bits = 2048;

/// OpenSSL's error queue is this thread's: what a bad file left there must not be taken for a TLS stream's.
struct clean_queue {
    ~clean_queue() { ERR_clear_error(); }
};

/// An encrypted key is no key here; without this OpenSSL would ask at the terminal.
int no_password(char*, int, int, void*) {
    return 0;
}

/// Kept by OpenSSL in memory of its own, which it wipes; so no longer than one signature takes.
key_pointer read_key(const secret& pem) {
    const auto text = pem.expose();
    const bio_pointer bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
    key_pointer key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_password, nullptr) : nullptr,
                    &EVP_PKEY_free);
    const bool is_fit =
        key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key.get()) >= least_bits;
    if (!is_fit) key.reset();
    return key;
}

/// Whether `pem` is an unencrypted RSA private key of at least 2048 bits, as service accounts have.
bool is_signing_key(const secret& pem) {
    const clean_queue clean;
    return read_key(pem) != nullptr;
}

// What a file says.

template <class T>
using checked = boost::system::result<T, credentials_problem>;

constexpr std::string_view usual_token_uri = "https://oauth2.googleapis.com/token";

checked<std::string_view> required(const secret_members& members, std::string_view name) {
    const auto text = members.text(name);
    if (!text || text->empty()) return credentials_problem{std::string(name) + " is missing or no text"};
    return *text;
}

/// Assertions and refresh tokens go there: over TLS, or to a server of this machine.
checked<url> token_uri_of(const secret_members& members) {
    const auto address = parse_url(members.text("token_uri").value_or(usual_token_uri));
    if (!address || (!address->origin.is_tls && !is_loopback(address->origin.host)))
        return credentials_problem{"token_uri is not an https address (http only to loopback)"};
    return *address;
}

credentials_result read_service_account(const secret_members& members) {
    const auto email = required(members, "client_email");
    if (!email) return email.error();
    const auto key = required(members, "private_key");
    if (!key) return key.error();
    auto token_uri = token_uri_of(members);
    if (!token_uri) return token_uri.error();
    service_account account;
    account.client_email = *email;
    account.private_key_id = members.text("private_key_id").value_or("");
    account.private_key = secret::copy_of(*key);
    account.token_uri = std::move(*token_uri);
    if (!is_signing_key(account.private_key))
        return credentials_problem{"private_key is not an unencrypted RSA key of at least 2048 bits in PEM"};
    return credentials(std::move(account));
}

credentials_result read_authorized_user(const secret_members& members) {
    const auto id = required(members, "client_id");
    if (!id) return id.error();
    const auto client_secret = required(members, "client_secret");
    if (!client_secret) return client_secret.error();
    const auto refresh_token = required(members, "refresh_token");
    if (!refresh_token) return refresh_token.error();
    auto token_uri = token_uri_of(members);
    if (!token_uri) return token_uri.error();
    authorized_user user;
    user.client_id = *id;
    user.client_secret = secret::copy_of(*client_secret);
    user.refresh_token = secret::copy_of(*refresh_token);
    user.token_uri = std::move(*token_uri);
    return credentials(std::move(user));
}

// Where it is found.

constexpr off_t largest_file = off_t{64} * 1024;

credentials_problem problem_of(const std::string& file, const std::string& what) {
    return {file + ": " + what};
}
credentials_problem system_problem(const std::string& file, const std::string& verb) {
    return problem_of(file, "cannot " + verb + ": " + std::strerror(errno));
}

credentials_result read_opened(const std::string& file, int descriptor) {
    struct stat about{};
    if (::fstat(descriptor, &about) != 0) return system_problem(file, "be looked at");
    if (!S_ISREG(about.st_mode)) return problem_of(file, "is not a regular file");
    if (about.st_size > largest_file) return problem_of(file, "is larger than credentials can be");
    secret text(static_cast<std::size_t>(about.st_size));
    text.resize(text.capacity());
    if (!read_all(descriptor, text)) return system_problem(file, "be read");
    auto parsed = parse_credentials(text);
    if (!parsed) return problem_of(file, parsed.error().message);
    return parsed;
}

// Without O_NONBLOCK a named pipe would keep the program waiting for a writer.
int open_to_read(const std::string& file) {
    return ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

credentials_result read_named(const std::string& file) {
    const file_descriptor opened(open_to_read(file));
    if (!opened) return system_problem(file, "be opened");
    return read_opened(file, opened.get());
}

} // namespace

void throw_exception_from_error(const credentials_problem& problem, const boost::source_location&) {
    throw std::runtime_error(problem.message);
}

credentials_result parse_credentials(const secret& text) {
    const auto members = secret_members::read(text.expose());
    if (!members) return credentials_problem{"is not one JSON object with each name once"};
    const auto type = members->text("type").value_or("");
    if (type == "service_account") return read_service_account(*members);
    if (type == "authorized_user") return read_authorized_user(*members);
    if (type == "external_account" || type == "impersonated_service_account") {
        return credentials_problem{"is of type " + std::string(type) +
                                   ", which this program does not use: service_account and authorized_user"};
    }
    return credentials_problem{"type is neither service_account nor authorized_user"};
}

credentials_result find_credentials(const credentials_location& where) {
    if (!where.named_file.empty()) return read_named(where.named_file);
    if (where.gcloud_folder.empty()) return credentials(metadata_server{where.metadata_host});
    const auto file = where.gcloud_folder + "/application_default_credentials.json";
    const file_descriptor opened(open_to_read(file));
    if (opened) return read_opened(file, opened.get());
    if (errno == ENOENT || errno == ENOTDIR) return credentials(metadata_server{where.metadata_host});
    return system_problem(file, "be opened");
}

std::optional<std::string> sign_rs256(const service_account& account, std::string_view text) {
    const clean_queue clean;
    const auto key = read_key(account.private_key);
    const digest_context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    if (!key || !context) return std::nullopt;
    // PKCS#1 v1.5 is what RSA keys default to.
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1)
        return std::nullopt;
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
    auto size = signature.size();
    auto* const bytes = reinterpret_cast<unsigned char*>(signature.data());
    const auto signed_bytes = as_bytes(text);
    if (EVP_DigestSign(context.get(), bytes, &size, signed_bytes.data(), signed_bytes.size()) != 1)
        return std::nullopt;
    signature.resize(size);
    return signature;
}

} // namespace byot::google
