# Writes the pages' files into a C++ source as byte arrays:
#   cmake -D SOURCE=DIR -D "FILES=index.html,console.css" -D OUTPUT=web_assets.cpp -P assets.cmake
# index.html is served at "/", another X.html at "/X", all else below "/assets/".

set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")

string(REPLACE "," ";" files "${FILES}")
list(SORT files)
set(bodies "")
set(rows "")
list(LENGTH files count)
foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    string(REGEX REPLACE ".*\\." "" ending ${file})
    if(NOT DEFINED type_${ending})
        message(FATAL_ERROR "${file}: no content type for .${ending}")
    endif()
    if(file STREQUAL "index.html")
        set(path "/")
    elseif(ending STREQUAL "html")
        set(path "/${stem}")
    else()
        set(path "/assets/${file}")
    endif()
    string(MAKE_C_IDENTIFIER ${file} name)
    file(READ ${SOURCE}/${file} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
    file(SHA256 ${SOURCE}/${file} digest)
    string(SUBSTRING ${digest} 0 32 tag)
    string(APPEND bodies "constexpr char ${name}[] = {${bytes}};\n")
    string(APPEND rows "    asset{\"${path}\", \"${type_${ending}}\", {${name}, sizeof ${name}}, \"\\\"${tag}\\\"\"},\n")
endforeach()

file(WRITE ${OUTPUT} "#include \"web/assets.hpp\"

namespace byot::web {
namespace {

${bodies}
constexpr asset all[] = {
${rows}};

} // namespace

std::span<const asset> web_assets() {
    return all;
}

} // namespace byot::web
")
