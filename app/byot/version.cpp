#include "version.hpp"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sodium.h>
#include <sqlite3.h>

namespace byot::app {

const std::string_view program_version = BYOT_VERSION;
const std::string_view program_commit = BYOT_COMMIT;

std::string version_text() {
    return fmt::format(
        "byot {} ({})\ncompiler {}\nBoost {}.{}.{}\n{}\nlibsodium {}\nSQLite {}\nfmt {}.{}.{}\n",
        program_version, program_commit, __VERSION__, BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
        BOOST_VERSION % 100, OpenSSL_version(OPENSSL_VERSION), sodium_version_string(), sqlite3_libversion(),
        FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

} // namespace byot::app
