#include "http/response.hpp"

#include <algorithm>
#include <array>

namespace byot::http {
namespace {

struct status_row {
    unsigned status;
    std::string_view phrase;
};

// The IANA registry of status codes; 306 and 418 are reserved and unused.
constexpr std::array table{
    status_row{100, "Continue"},
    status_row{101, "Switching Protocols"},
    status_row{102, "Processing"},
    status_row{103, "Early Hints"},
    status_row{200, "OK"},
    status_row{201, "Created"},
    status_row{202, "Accepted"},
    status_row{203, "Non-Authoritative Information"},
    status_row{204, "No Content"},
    status_row{205, "Reset Content"},
    status_row{206, "Partial Content"},
    status_row{207, "Multi-Status"},
    status_row{208, "Already Reported"},
    status_row{226, "IM Used"},
    status_row{300, "Multiple Choices"},
    status_row{301, "Moved Permanently"},
    status_row{302, "Found"},
    status_row{303, "See Other"},
    status_row{304, "Not Modified"},
    status_row{305, "Use Proxy"},
    status_row{307, "Temporary Redirect"},
    status_row{308, "Permanent Redirect"},
    status_row{400, "Bad Request"},
    status_row{401, "Unauthorized"},
    status_row{402, "Payment Required"},
    status_row{403, "Forbidden"},
    status_row{404, "Not Found"},
    status_row{405, "Method Not Allowed"},
    status_row{406, "Not Acceptable"},
    status_row{407, "Proxy Authentication Required"},
    status_row{408, "Request Timeout"},
    status_row{409, "Conflict"},
    status_row{410, "Gone"},
    status_row{411, "Length Required"},
    status_row{412, "Precondition Failed"},
    status_row{413, "Content Too Large"},
    status_row{414, "URI Too Long"},
    status_row{415, "Unsupported Media Type"},
    status_row{416, "Range Not Satisfiable"},
    status_row{417, "Expectation Failed"},
    status_row{421, "Misdirected Request"},
    status_row{422, "Unprocessable Content"},
    status_row{423, "Locked"},
    status_row{424, "Failed Dependency"},
    status_row{425, "Too Early"},
    status_row{426, "Upgrade Required"},
    status_row{428, "Precondition Required"},
    status_row{429, "Too Many Requests"},
    status_row{431, "Request Header Fields Too Large"},
    status_row{451, "Unavailable For Legal Reasons"},
    status_row{500, "Internal Server Error"},
    status_row{501, "Not Implemented"},
    status_row{502, "Bad Gateway"},
    status_row{503, "Service Unavailable"},
    status_row{504, "Gateway Timeout"},
    status_row{505, "HTTP Version Not Supported"},
    status_row{506, "Variant Also Negotiates"},
    status_row{507, "Insufficient Storage"},
    status_row{508, "Loop Detected"},
    status_row{511, "Network Authentication Required"},
};

} // namespace

std::string_view reason_phrase(unsigned status) noexcept {
    const auto row = std::lower_bound(table.begin(), table.end(), status,
                                      [](const status_row& r, unsigned s) { return r.status < s; });
    return row != table.end() && row->status == status ? row->phrase : "Unknown";
}

} // namespace byot::http
