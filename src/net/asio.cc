// The compiled part of Asio, once for the room (BOOST_ASIO_SEPARATE_COMPILATION in src/CMakeLists.txt): every other
// file that uses it compiles in a fraction of the time.
#include <boost/asio/impl/src.hpp>
