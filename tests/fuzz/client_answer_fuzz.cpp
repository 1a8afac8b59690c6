// An answer of a server that this service asks is the same however it arrives, holds no more than was asked
// for, and never takes a byte of what follows it. The first byte chooses the request's kind.

#include "fuzz/require.hpp"
#include "http/answer_parser.hpp"

#include <algorithm>
#include <cstdint>

namespace {

using namespace byot;
using namespace byot::http;
using progress = answer_parser::progress;

struct question {
    bool is_head;
    std::size_t max_body;
    answer_parser::beyond_limit beyond;
};

struct assembled {
    progress what = progress::wants_more;
    std::size_t used = 0;
    bool keeps_connection = false;
    bool ends_with_connection = false;
    client_answer answer;
};

assembled assemble(const question& asked, std::string_view bytes, std::size_t piece) {
    answer_parser parser(asked.is_head, asked.max_body, asked.beyond);
    assembled result;
    for (std::size_t arrived = 0; result.what == progress::wants_more && arrived < bytes.size();) {
        arrived = std::min(arrived + piece, bytes.size());
        const auto present = bytes.substr(result.used, arrived - result.used);
        const auto step = parser.advance(present);
        fuzz::require(step.used <= present.size() && parser.has_begun() == !bytes.empty());
        result.used += step.used;
        result.what = step.what;
    }
    result.keeps_connection = parser.keeps_connection();
    result.ends_with_connection = parser.ends_with_connection();
    result.answer = parser.take();
    fuzz::require(result.answer.body.size() <= asked.max_body);
    return result;
}

void check_same(const assembled& a, const assembled& b) {
    fuzz::require(a.what == b.what && a.ends_with_connection == b.ends_with_connection);
    fuzz::require(a.answer.status == b.answer.status && a.answer.fields == b.answer.fields);
    fuzz::require(a.what == progress::wrong || a.answer.body == b.answer.body);
    if (a.what == progress::whole && a.keeps_connection)
        fuzz::require(a.used == b.used && b.keeps_connection);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    using enum answer_parser::beyond_limit;
    const question asked{data[0] % 4 == 0, data[0] % 3 == 0 ? 16u : 4096u, data[0] & 16 ? cut : wrong};
    const auto at_once = assemble(asked, bytes, bytes.size());
    check_same(at_once, assemble(asked, bytes, 1));
    check_same(at_once, assemble(asked, bytes, 2 + data[0] % 29));
    fuzz::require(!asked.is_head || at_once.answer.body.empty());
    if (at_once.what == progress::whole && at_once.keeps_connection) {
        const auto alone = assemble(asked, bytes.substr(0, at_once.used), size);
        check_same(at_once, alone);
    }
    return 0;
}
